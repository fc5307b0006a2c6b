//! What is carried from a handler to its client method: docs, `cfg`, `deprecated`, `allow`, visibility.

#![deny(deprecated, unused_must_use)]

use suptree::prelude::*;

mod shelf {
    use suptree::prelude::*;

    #[derive(Default)]
    pub(crate) struct Shelf(Vec<String>);

    #[genserver]
    impl Shelf {
        /// What stands there.
        #[call]
        pub(crate) fn at(&self, place: usize) -> Option<String> {
            self.0.get(place).cloned()
        }

        #[cfg(any())]
        #[call]
        pub(crate) fn gone(&self) -> NoSuchType {
            NoSuchType
        }

        #[cfg(not(any()))]
        #[cast]
        pub(crate) fn put(&mut self, what: String) {
            self.0.push(what);
        }

        #[cfg(any())]
        #[cast]
        pub(crate) fn put(&mut self, what: NoSuchType) {
            self.0.push(what);
        }

        #[deprecated = "use `put`"]
        #[cast]
        pub(crate) fn push(&mut self, what: String) {
            self.0.push(what);
        }

        #[must_use = "count again"]
        #[call]
        pub(crate) fn count(&self) -> usize {
            self.0.len()
        }

        #[expect(clippy::unused_unit)]
        #[call]
        pub(crate) fn clear(&mut self) -> () {
            self.0.clear();
        }

        // Private to this module, in the client as well.
        #[call]
        fn secret(&self) -> usize {
            self.0.capacity()
        }
    }

    pub(crate) async fn secret(shelf: &ShelfClient) -> Result<usize, CallError> {
        shelf.secret().await
    }

    // A handler's name in the client of another server: the trait is found where the method is not to be seen.
    pub(crate) trait Secret {
        fn secret(&self) -> &'static str {
            "not the handler"
        }
    }

    impl Secret for ShelfClient {}
}

use shelf::{Secret as _, Shelf, ShelfClient};

#[tokio::test]
async fn a_conditional_handler_is_there_or_not() {
    let shelf = Shelf::start().await.unwrap();
    shelf.put("a book").await.unwrap();
    assert_eq!(shelf.at(0).await, Ok(Some("a book".to_owned())));
}

#[tokio::test]
async fn a_deprecated_handler_is_deprecated_in_the_client() {
    let shelf = Shelf::start().await.unwrap();
    #[expect(deprecated)]
    shelf.push("a book").await.unwrap();
    assert_eq!(shelf.at(0).await, Ok(Some("a book".to_owned())));
}

#[tokio::test]
async fn must_use_and_other_marks_are_carried() {
    let shelf = Shelf::start().await.unwrap();
    #[expect(unused_must_use)]
    {
        shelf.count();
    }
    assert_eq!(shelf.count().await, Ok(0));
    assert_eq!(shelf.clear().await, Ok(()));
}

#[tokio::test]
async fn a_private_handler_is_private_in_the_client() {
    let shelf: ShelfClient = Shelf::start().await.unwrap();
    assert_eq!(shelf::secret(&shelf).await, Ok(0));
    assert_eq!(shelf.secret(), "not the handler");
}

mod restricted {
    pub(crate) mod inner {
        use suptree::prelude::*;

        #[derive(Default)]
        pub(crate) struct Door;

        #[genserver(client = pub(super) Key)]
        impl Door {
            #[call]
            pub(in crate::macros::attributes::restricted) fn open(&self) -> bool {
                true
            }
        }
    }

    pub(crate) async fn open() -> bool {
        let door: inner::Key = inner::Door::start().await.unwrap();
        door.open().await.unwrap()
    }
}

#[tokio::test]
async fn a_client_of_another_name_and_visibility() {
    assert!(restricted::open().await);
}

/// Attributes of others around the handler's own, in any order.
#[derive(Default)]
struct Mixed(u8);

#[genserver]
impl Mixed {
    #![allow(clippy::trivially_copy_pass_by_ref)]

    const STEP: u8 = 2;

    #[inline]
    #[call]
    #[cfg_attr(all(), must_use)]
    fn get(&self) -> u8 {
        self.0
    }

    #[cast]
    #[cold]
    #[doc(alias = "increment")]
    fn add(&mut self, #[allow(unused_mut)] mut times: u8) {
        self.0 += Self::step(times);
    }

    fn step(times: u8) -> u8 {
        Self::STEP * times
    }
}

#[tokio::test]
async fn attributes_of_others_stay_where_they_are() {
    let mixed = Mixed::start().await.unwrap();
    mixed.add(3).await.unwrap();
    assert_eq!(mixed.get().await, Ok(6));
}
