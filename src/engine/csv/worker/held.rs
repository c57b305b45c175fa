//! What a worker holds that grows with the rows.

use super::super::dictionary::Dictionary;
use super::super::keys::Keys;
use super::super::room::Room;
use super::Worker;

impl Worker<'_> {
    /// The ids that distinct values get in `all`, by value; none where they keep their own.
    ///
    /// Nothing is added up after that: the texts of the first thread may become those of all.
    pub(in super::super) fn distinct_ids(&mut self, all: &mut Dictionary) -> Vec<Option<Vec<u32>>> {
        let counted = (0..self.distinct.len()).filter(|value| self.shape.distinct[*value]);
        let counted: Vec<usize> = counted.collect();
        let mut ids = vec![None; self.distinct.len()];
        for &value in &counted {
            let own = match self.shape.value_sources[value].checked_sub(self.scan.columns.len()) {
                Some(own) => &mut self.value_texts[own],
                None => &mut self.batch.dictionaries[self.shape.value_sources[value]],
            };
            if all.len() == 0 && counted.len() == 1 && self.distinct[value].are_texts_of(own) {
                *all = std::mem::take(own);
            } else {
                ids[value] = Some(self.distinct[value].renamed(own, all));
            }
        }
        ids
    }

    /// About how many bytes are taken that hang on the number of rows.
    pub(super) fn room(&self) -> Room {
        let mut room = Room::default();
        for group in &self.groups {
            room += group.room();
        }
        let texts = self.batch.dictionaries.iter().chain(&self.value_texts);
        room.distinct +=
            texts.zip(&self.shape.kept).map(|(d, k)| d.room() * u64::from(*k)).sum::<u64>();
        room.keys += self.keys.as_ref().map_or(0, Keys::room) + self.ranking.room();
        room
    }
}
