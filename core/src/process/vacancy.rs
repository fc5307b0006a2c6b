//! Names whose holders are to return, and those who wait for them.
//!
//! When a named child dies that its supervisor starts again, its name is *expected* before it is free, until the supervisor has
//! started it, or given it up. Those who wait stand in a line for each name, and are woken when there is something to look at: a
//! name that is not expected any more, a new holder, or one that has died. So nobody looks but when it is woken.
//!
//! A name is known here by its hash: no user code runs. Two keys of one hash wake each other's waiters, who look and wait on.

use std::collections::HashMap;
use std::task::Context;

use foldhash::fast::RandomState;

use crate::burst;
use crate::guard::Waiter;
use crate::planted::{Bug, planted};
use crate::process::line::{Line, Numbers};
use crate::process::name::Name;
use crate::sync::{Arc, Mutex, lock};

/// The vacant names of one runtime that somebody waits for, or will.
#[derive(Debug, Default)]
pub(super) struct Vacancies(Mutex<Vacant>);

#[derive(Debug, Default)]
struct Vacant {
    /// By the hashes of the names.
    names: HashMap<u64, Vacancy, RandomState>,
    /// A name may be forgotten and come back while somebody has a number for it.
    numbers: Numbers,
}

#[derive(Debug, Default)]
struct Vacancy {
    /// So many holders are to return. More than one where another took the name meanwhile, and died as well.
    expected: usize,
    waiting: Line,
}

/// A process is dead that held a name, and is to return: until this is dropped.
#[derive(Debug)]
pub(crate) struct Absence {
    vacancies: Arc<Vacancies>,
    name: u64,
}

impl Drop for Absence {
    fn drop(&mut self) {
        let woken = {
            let mut vacancies = lock(&self.vacancies.0);
            let woken = vacancies.names.get_mut(&self.name).and_then(|vacancy| {
                vacancy.expected -= 1;
                let unexpected = vacancy.expected == 0 && !planted(Bug::WaitersNotTold);
                unexpected.then(|| vacancy.waiting.take())
            });
            vacancies.forget_unused(self.name);
            woken.unwrap_or_default()
        };
        woken.notify();
    }
}

impl Vacant {
    /// Forgets a name that is neither expected nor waited for.
    fn forget_unused(&mut self, name: u64) {
        let unused = |vacancy: &Vacancy| vacancy.expected == 0 && vacancy.waiting.is_empty();
        if self.names.get(&name).is_some_and(unused) {
            self.names.remove(&name);
            burst::shrink_table(&mut self.names);
        }
    }
}

impl Vacancies {
    /// The holder of this name is dead, and is to return.
    pub(super) fn expect(self: &Arc<Self>, name: &Name) -> Absence {
        let name = name.hash_code();
        lock(&self.0).names.entry(name).or_default().expected += 1;
        Absence {
            vacancies: Arc::clone(self),
            name,
        }
    }

    /// There is something to look at for those who wait for this name.
    pub(super) fn wake(&self, name: &Name) {
        self.wake_if(name, |_| true);
    }

    /// A name is free. Those who wait look again, unless somebody is to return to it.
    pub(super) fn note_free(&self, name: &Name) {
        self.wake_if(name, |vacancy| vacancy.expected == 0);
    }

    fn wake_if(&self, name: &Name, wakes: fn(&Vacancy) -> bool) {
        let woken = {
            let mut vacancies = lock(&self.0);
            let vacancy = vacancies.names.get_mut(&name.hash_code());
            let vacancy = vacancy.filter(|vacancy| wakes(vacancy));
            vacancy.map(|vacancy| vacancy.waiting.take())
        };
        woken.unwrap_or_default().notify();
    }
}

/// A place in the line for a name.
#[derive(Debug)]
pub(super) struct Place {
    vacancies: Arc<Vacancies>,
    name: u64,
    number: Option<u64>,
}

impl Place {
    pub(super) fn new(vacancies: Arc<Vacancies>, name: &Name) -> Self {
        Self {
            vacancies,
            name: name.hash_code(),
            number: None,
        }
    }

    /// Whether it is a place there.
    pub(super) fn is_in(&self, vacancies: &Arc<Vacancies>) -> bool {
        Arc::ptr_eq(&self.vacancies, vacancies)
    }

    /// Into the line, or on in it.
    pub(super) fn wait(&mut self, cx: &Context<'_>) {
        let mut waiter = Waiter::new(cx.waker());
        let vacancies = &mut *lock(&self.vacancies.0);
        let number = self.number.get_or_insert_with(|| vacancies.numbers.next());
        let vacancy = vacancies.names.entry(self.name).or_default();
        vacancy.waiting.wait(*number, &mut waiter);
    }

    /// Whether the holder of the name is to return.
    pub(super) fn is_expected(&self) -> bool {
        let vacancies = lock(&self.vacancies.0);
        let vacancy = vacancies.names.get(&self.name);
        vacancy.is_some_and(|vacancy| vacancy.expected > 0)
    }

    /// Whether something has happened since it went into the line.
    pub(super) fn is_woken(&self) -> bool {
        let vacancies = lock(&self.vacancies.0);
        let vacancy = vacancies.names.get(&self.name);
        !vacancy.is_some_and(|vacancy| {
            vacancy.expected == 0
                && self
                    .number
                    .is_some_and(|number| vacancy.waiting.holds(number))
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = {
            let mut vacancies = lock(&self.vacancies.0);
            let vacancy = vacancies.names.get_mut(&self.name);
            let left = vacancy
                .zip(self.number)
                .and_then(|(vacancy, number)| vacancy.waiting.leave(number));
            vacancies.forget_unused(self.name);
            left
        };
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Wake, Waker};

    use super::*;
    use crate::sync::atomic::{AtomicUsize, Ordering};

    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    struct Waits {
        woken: Arc<Woken>,
        place: Place,
    }

    impl Waits {
        fn new(vacancies: &Arc<Vacancies>, name: &Name) -> Self {
            let mut waits = Self {
                woken: Arc::new(Woken(AtomicUsize::new(0))),
                place: Place::new(Arc::clone(vacancies), name),
            };
            waits.wait();
            waits
        }

        fn wait(&mut self) {
            let waker = Waker::from(Arc::clone(&self.woken));
            self.place.wait(&Context::from_waker(&waker));
        }

        fn woken(&self) -> usize {
            self.woken.0.load(Ordering::SeqCst)
        }
    }

    /// A name that nobody waits for is forgotten, and nobody who is about to wait on takes another's place.
    #[test]
    fn numbers_are_not_given_twice() {
        let (vacancies, name) = (Arc::<Vacancies>::default(), Name::new(7));
        let mut first = Waits::new(&vacancies, &name);
        vacancies.wake(&name);
        drop(Waits::new(&vacancies, &name));
        assert!(lock(&vacancies.0).names.is_empty());
        let second = Waits::new(&vacancies, &name);
        first.wait();
        vacancies.wake(&name);
        assert_eq!((first.woken(), second.woken()), (2, 1));
        drop((first, second));
        assert!(lock(&vacancies.0).names.is_empty());
    }

    /// A name is expected until the last of those that are to return to it is settled.
    #[test]
    fn who_waits_is_woken_by_the_last_absence() {
        let (vacancies, name) = (Arc::<Vacancies>::default(), Name::new(7));
        let absences = [(); 2].map(|()| vacancies.expect(&name));
        let waits = Waits::new(&vacancies, &name);
        vacancies.note_free(&name);
        let [one, other] = absences;
        drop(one);
        assert!(waits.place.is_expected() && waits.woken() == 0);
        drop(other);
        assert!(!waits.place.is_expected() && waits.place.is_woken());
        assert_eq!(waits.woken(), 1);
        drop(waits);
        assert!(lock(&vacancies.0).names.is_empty());
    }
}
