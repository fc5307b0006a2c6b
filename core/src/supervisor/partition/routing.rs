//! Which partition a key has: numbers by their remainder, others by their hash.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::{FixedState, FoldHasher};

use crate::planted::{Bug, planted};

/// The number of the partition of a key; there is at least one partition.
pub(super) fn partition_of<K: Hash + ?Sized>(key: &K, partitions: usize) -> usize {
    let mut hasher = KeyHasher {
        number: Number::Nothing,
        hash: FixedState::default().build_hasher(),
    };
    key.hash(&mut hasher);
    let number = match hasher.number {
        Number::One(number) if !planted(Bug::NumberRoutedByHash) => number,
        _ => u128::from(hasher.hash.finish()),
    };
    (number % partitions as u128) as usize
}

/// Hashes a key, and finds out whether it is a number.
struct KeyHasher<'a> {
    number: Number,
    /// Without a seed of its own: a key has the same partition in each run of a program.
    hash: FoldHasher<'a>,
}

/// What was hashed so far.
enum Number {
    Nothing,
    /// One number, by its absolute value.
    One(u128),
    /// Something else.
    More,
}

impl KeyHasher<'_> {
    fn note(&mut self, number: u128) {
        self.number = match self.number {
            Number::Nothing => Number::One(number),
            Number::One(_) | Number::More => Number::More,
        };
    }
}

macro_rules! numbers {
    ($($write:ident $ty:ty $(, $unsigned_abs:ident)?;)*) => {$(
        fn $write(&mut self, number: $ty) {
            self.note((number $(.$unsigned_abs())?) as u128);
            self.hash.$write(number);
        }
    )*};
}

#[expect(
    clippy::cast_lossless,
    reason = "of all integer types, some of which have no `From`"
)]
impl Hasher for KeyHasher<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.number = Number::More;
        self.hash.write(bytes);
    }

    fn finish(&self) -> u64 {
        self.hash.finish()
    }

    numbers! {
        write_u8 u8;
        write_u16 u16;
        write_u32 u32;
        write_u64 u64;
        write_u128 u128;
        write_usize usize;
        write_i8 i8, unsigned_abs;
        write_i16 i16, unsigned_abs;
        write_i32 i32, unsigned_abs;
        write_i64 i64, unsigned_abs;
        write_i128 i128, unsigned_abs;
        write_isize isize, unsigned_abs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Hash)]
    struct UserId(u64);

    #[test]
    fn numbers_go_by_their_remainder_of_whatever_type() {
        for (key, partition) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 0),
            (-1, 1),
            (-3, 0),
            (i64::MIN, 2),
        ] {
            assert_eq!(partition_of(&key, 3), partition, "{key}");
        }
        assert_eq!(partition_of(&7_u8, 4), 3);
        assert_eq!(partition_of(&UserId(7), 4), 3);
        assert_eq!(partition_of(&u128::MAX, 2), 1);
        assert_eq!(partition_of(&&7_usize, 4), 3);
    }

    #[test]
    fn others_go_by_their_hash_and_are_spread() {
        assert_eq!(
            partition_of("joe", 5),
            partition_of(&String::from("joe"), 5)
        );
        assert_eq!(partition_of(&(), 5), partition_of(&(), 5));
        let mut hits = [0; 5];
        for key in 0..5_000 {
            hits[partition_of(&format!("user {key}"), 5)] += 1;
            hits[partition_of(&(key, key), 5)] += 1;
        }
        assert!(
            hits.iter().all(|hits| (1_800..2_200).contains(hits)),
            "{hits:?}"
        );
    }
}
