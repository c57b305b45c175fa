//! Orders in which everything comes after what it needs, and the cycles that prevent one.

/// An order of nodes.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// Every node once; what it needs stands before it, unless both are on a cycle.
    pub(crate) nodes: Vec<usize>,
    /// For each knot of nodes that need one another its shortest cycle through its first node.
    pub(crate) cycles: Vec<Vec<usize>>,
    /// Whether a node needs itself, over others or not.
    pub(crate) knotted: Vec<bool>,
}

/// Sorts nodes by what they need: `needs[n]` lists the nodes that `n` needs.
///
/// Tarjan's algorithm (SIAM J. Comput. 1972) with a stack of its own: linear, and as deep as one
/// likes.
pub(crate) fn sort(needs: &[Vec<usize>]) -> Order {
    const UNSEEN: usize = usize::MAX;
    let mut order = Order { knotted: vec![false; needs.len()], ..Order::default() };
    let mut found = vec![UNSEEN; needs.len()];
    let mut low = vec![UNSEEN; needs.len()];
    let mut open = vec![false; needs.len()];
    let mut path: Vec<usize> = Vec::new();
    let mut calls: Vec<(usize, usize)> = Vec::new();
    let mut count = 0;
    for root in 0..needs.len() {
        if found[root] != UNSEEN {
            continue;
        }
        calls.push((root, 0));
        while let Some((node, next)) = calls.last_mut() {
            let node = *node;
            if *next == 0 {
                (found[node], low[node], open[node]) = (count, count, true);
                count += 1;
                path.push(node);
            }
            if let Some(inner) = needs[node].get(*next).copied() {
                *next += 1;
                if found[inner] == UNSEEN {
                    calls.push((inner, 0));
                } else if open[inner] {
                    low[node] = low[node].min(found[inner]);
                }
                continue;
            }
            calls.pop();
            if let Some((above, _)) = calls.last() {
                low[*above] = low[*above].min(low[node]);
            }
            if low[node] == found[node] {
                let start = path.iter().rposition(|n| *n == node).unwrap_or_default();
                let knot = path.split_off(start);
                for member in &knot {
                    open[*member] = false;
                }
                close(&knot, needs, &mut order);
            }
        }
    }
    order.cycles.sort();
    order
}

/// Takes a knot of nodes into the order, and its cycle where it has one.
fn close(knot: &[usize], needs: &[Vec<usize>], order: &mut Order) {
    let first = knot.iter().copied().min().unwrap_or_default();
    if knot.len() > 1 || needs[first].contains(&first) {
        for member in knot {
            order.knotted[*member] = true;
        }
        order.cycles.push(shortest(first, knot, needs));
    }
    order.nodes.extend(knot.iter().rev());
}

/// The shortest way from a node of a knot back to it, breadth first.
fn shortest(first: usize, knot: &[usize], needs: &[Vec<usize>]) -> Vec<usize> {
    let inside: std::collections::HashSet<usize> = knot.iter().copied().collect();
    let mut came: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    let mut queue = std::collections::VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        for inner in &needs[node] {
            if *inner == first {
                let mut way = vec![node];
                while let Some(before) = came.get(&way[way.len() - 1]) {
                    way.push(*before);
                }
                way.reverse();
                return way;
            }
            if inside.contains(inner) && !came.contains_key(inner) {
                came.insert(*inner, node);
                queue.push_back(*inner);
            }
        }
    }
    vec![first]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first() {
        let order = sort(&[vec![1, 2], vec![2], vec![]]);
        assert_eq!(order.nodes, [2, 1, 0]);
        assert!(order.cycles.is_empty());
    }

    #[test]
    fn the_cycle_of_a_knot_begins_at_its_first_node() {
        let order = sort(&[vec![], vec![2], vec![3], vec![1], vec![1]]);
        assert_eq!(order.cycles, [vec![1, 2, 3]]);
        assert_eq!(order.knotted, [false, true, true, true, false]);
    }

    #[test]
    fn a_node_that_needs_itself_is_a_cycle() {
        assert_eq!(sort(&[vec![0]]).cycles, [vec![0]]);
    }

    #[test]
    fn long_chains_need_no_deep_stack() {
        let mut needs: Vec<Vec<usize>> = (0..200_000).map(|n| vec![n + 1]).collect();
        needs.push(vec![]);
        assert_eq!(sort(&needs).nodes[0], 200_000);
        needs[200_000] = vec![0];
        assert_eq!(sort(&needs).cycles[0].len(), 200_001);
    }
}
