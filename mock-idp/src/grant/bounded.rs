//! A map that forgets: when it is full, the entry that was used up first goes, else the oldest.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// A map with a limit. Every operation takes constant time, amortized: a mock that runs for weeks does not
/// grow, and one that is full is as fast as an empty one.
#[derive(Debug)]
pub(super) struct Bounded<K, V> {
    most: usize,
    entries: HashMap<K, V>,
    /// Oldest first. Keys that are no longer in the map are passed over.
    order: VecDeque<K>,
    /// Keys of entries that were used up, in that order.
    used_up: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    pub(super) fn new(most: usize) -> Self {
        let (order, used_up) = (VecDeque::new(), VecDeque::new());
        Self { most, entries: HashMap::new(), order, used_up }
    }

    /// Adds an entry under a new key, and returns the one that had to go.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let gone = if self.entries.len() < self.most { None } else { self.evict() };
        if self.order.len() >= self.most.saturating_mul(2) {
            self.order.retain(|key| self.entries.contains_key(key));
        }
        self.order.push_back(key.clone());
        self.entries.insert(key, value);
        gone
    }

    fn evict(&mut self) -> Option<V> {
        let keys = std::iter::from_fn(|| self.used_up.pop_front().or_else(|| self.order.pop_front()));
        let entries = &mut self.entries;
        { keys }.find_map(|key| entries.remove(&key))
    }

    pub(super) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.get(key)
    }

    pub(super) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.get_mut(key)
    }

    /// The entry is kept, so that a second use is noticed, but it goes before those that may still be used.
    pub(super) fn use_up(&mut self, key: K) {
        self.used_up.push_back(key);
    }

    pub(super) fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.remove(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(most: usize) -> Bounded<usize, usize> {
        let mut map = Bounded::new(most);
        for n in 0..most {
            assert_eq!(map.insert(n, n), None);
        }
        map
    }

    #[test]
    fn the_oldest_entry_goes_when_the_map_is_full() {
        let mut map = filled(3);
        assert_eq!((map.insert(3, 3), map.insert(4, 4)), (Some(0), Some(1)));
        assert_eq!((map.get(&1), map.get(&2), map.get(&4)), (None, Some(&2), Some(&4)));
    }

    #[test]
    fn an_entry_that_was_used_up_goes_before_an_older_one() {
        let mut map = filled(3);
        map.use_up(2);
        assert_eq!((map.insert(3, 3), map.insert(4, 4)), (Some(2), Some(0)));
    }

    #[test]
    fn a_removed_entry_makes_room_for_one() {
        let mut map = filled(3);
        map.remove(&0);
        assert_eq!((map.insert(3, 3), map.insert(4, 4)), (None, Some(1)));
    }

    #[test]
    fn nothing_grows_and_nothing_is_searched_however_much_comes_and_goes() {
        let mut map = filled(100);
        for n in 100..100_000 {
            map.insert(n, n);
            match n % 3 {
                0 => map.use_up(n),
                1 => _ = map.remove(&n),
                _ => {}
            }
            assert!(map.entries.len() <= 100 && map.order.len() <= 200 && map.used_up.len() <= 100, "{n}");
        }
    }
}
