//! What only a dynamic supervisor is asked for.

use std::any::Any;
use std::sync::Arc;

use crate::catch::catch;
use crate::planted::{Bug, planted};
use crate::process::address::AnyPlace;
use crate::process::pid::Pid;
use crate::start_error::StartError;
use crate::supervisor::driver::Driver;
use crate::supervisor::dynamic::AnyOrder;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::request::StartChildError;

impl Driver {
    pub(super) async fn start_dynamic(
        &mut self,
        order: Arc<dyn AnyOrder>,
    ) -> Result<Pid, StartChildError> {
        // Before anything is made of the arguments, which go back.
        if !self.plan.may_add() && !planted(Bug::ArgsNotGivenBack) {
            self.leftovers.leave_order(order);
            return Err(StartChildError::MaxChildren);
        }
        let spec = catch(|| {
            let extra = self.extra.as_ref().map(|extra| &**extra.get());
            order.child_spec(extra)
        });
        let spec = spec.unwrap_or_else(|panic| Err(StartError::Init(panic)));
        self.leftovers.leave_order(order);
        if planted(Bug::ExtraGivenOnce) {
            self.extra = None;
        }
        self.start_child(spec.map_err(StartChildError::Start)?)
            .await
    }

    /// What the running children are listed by, in start order.
    pub(super) fn running_places(&self) -> Vec<Arc<dyn Any + Send + Sync>> {
        let alive = self.specs.iter().filter_map(|(_, child)| {
            let process = child.process.as_ref()?;
            let lives = process.header().exit_reason().is_none();
            lives.then(|| child.place.clone()).flatten()
        });
        alive.collect()
    }

    /// The child at a place.
    pub(super) fn key_at(&mut self, place: &dyn AnyPlace) -> Option<ChildKey> {
        let there = place.process();
        let by_pid = there.and_then(|process| self.plan.key_of(process.header().pid));
        // A start that failed is there: the child goes by the pid it had before, or by none.
        by_pid.or_else(|| self.specs.key_at(place))
    }
}
