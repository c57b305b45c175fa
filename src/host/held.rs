//! A shelf in memory before another one, for programs that run the same again and again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::Shelf;

/// How many bytes are held at most.
const ROOM: usize = 256 << 20;

/// What was put on it or got through it is at hand, up to a limit: the oldest goes first.
pub struct HeldShelf<'h> {
    behind: &'h dyn Shelf,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    entries: BTreeMap<String, Vec<u8>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl<'h> HeldShelf<'h> {
    /// Holds what comes from now on.
    pub fn new(behind: &'h dyn Shelf) -> Self {
        Self { behind, held: Mutex::default() }
    }

    fn hold(&self, key: &str, bytes: &[u8]) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = held.entries.insert(key.to_owned(), bytes.to_owned()) {
            held.bytes -= before.len();
        } else {
            held.order.push_back(key.to_owned());
        }
        held.bytes += bytes.len();
        while held.bytes > ROOM {
            let Some(oldest) = held.order.pop_front() else { break };
            held.bytes -= held.entries.remove(&oldest).map_or(0, |bytes| bytes.len());
        }
    }
}

impl Shelf for HeldShelf<'_> {
    fn owner(&self) -> String {
        self.behind.owner()
    }

    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = held.entries.get(key) {
            return Some(bytes.clone());
        }
        drop(held);
        let bytes = self.behind.get(key)?;
        self.hold(key, &bytes);
        Some(bytes)
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        self.hold(key, bytes);
        self.behind.put(key, bytes);
    }

    fn is_near(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forgets everything.
    struct Nothing;

    impl Shelf for Nothing {
        fn owner(&self) -> String {
            String::new()
        }

        fn get(&self, _: &str) -> Option<Vec<u8>> {
            None
        }

        fn put(&self, _: &str, _: &[u8]) {}
    }

    #[test]
    fn the_oldest_goes_first_and_nothing_is_counted_twice() {
        let shelf = HeldShelf::new(&Nothing);
        let half = vec![7; ROOM / 2];
        shelf.put("a", &half);
        shelf.put("a", &half);
        shelf.put("b", b"one");
        assert_eq!(shelf.get("a"), Some(half.clone()));
        shelf.put("c", &half);
        assert_eq!(shelf.get("a"), None);
        assert_eq!(shelf.get("b").as_deref(), Some(&b"one"[..]));
        assert_eq!(shelf.get("c"), Some(half));
    }
}
