//! Registrations that meet deaths, and one another.

use suptree_core::Registry;
use suptree_core::checker::Timers;

use shuttle::future::block_on;

use crate::harness::{client, join, run};
use crate::probe::{IN_PLACE, probe};

/// A process is registered while it dies: nothing of it is left, and nobody finds it.
pub(crate) fn registered_as_it_dies() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let registry = Registry::<u8>::unique();
        let pid = server.pid().expect("nobody has ended it");
        let (its, late) = (registry.clone(), server.clone());
        let registers = client(async move {
            let _may_be_dead = its.register_process(&late, 1, ());
        });
        let down = server.monitor();
        server.kill();
        block_on(down);
        if registry.lookup(&1).is_some() {
            faults.add("found dead");
        }
        join([registers]);
        if !registry.is_empty() || !registry.keys(pid).is_empty() {
            faults.add("it is dead, and registered");
        }
    });
}

/// Two want one key: one has it, and the other hears who.
pub(crate) fn two_for_one_key() {
    run(Timers::Never, |faults| {
        let servers = [(); 2].map(|()| probe::<IN_PLACE>(faults).0);
        let registry = Registry::<u8>::unique();
        let clients = servers.clone().map(|server| {
            let (registry, faults) = (registry.clone(), faults.clone());
            client(async move {
                let registered = registry.register_process(&server, 1, ());
                let holder = registry.lookup(&1).map(|entry| entry.pid());
                if registered.is_ok() != (holder == server.pid()) {
                    faults.add(format!("{holder:?} has the key, not {:?}", server.pid()));
                }
            })
        });
        join(clients);
        if registry.count() != 1 {
            faults.add(format!("{} have one key", registry.count()));
        }
    });
}
