//! What only a partition supervisor is asked for.

use std::sync::Arc;

use crate::child::ChildId;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::reply::CallError;
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::asked_by::AskedBy;
use crate::supervisor::driver::waiting::Waiting;
use crate::supervisor::partition::ResizeError;
use crate::supervisor::plan::{ChildKey, ChildStatus};

impl Driver {
    /// Has so many partitions run. Gives the number that did before.
    pub(super) async fn resize(
        &mut self,
        partitions: usize,
        asker: Option<Pid>,
    ) -> Result<usize, ResizeError> {
        let Some(table) = self.me.partitions().map(Arc::clone) else {
            return Err(ResizeError::Call(CallError::NoProc));
        };
        let (before, most) = (table.between(), table.most());
        if partitions > most {
            return Err(ResizeError::TooMany { most });
        }
        if partitions < before {
            // Their keys lead to others before the first of them ends.
            if !planted(Bug::FewerDividedLate) {
                table.divide(partitions);
            }
            let all = (partitions..before).filter_map(|partition| self.partition(partition));
            let keys = all.map(|(key, _)| key).collect();
            self.stop_partitions(keys, asker).await;
            if planted(Bug::FewerDividedLate) {
                table.divide(partitions);
            }
        } else {
            if planted(Bug::MoreDividedEarly) {
                table.divide(partitions);
            }
            let mut started = Vec::new();
            for partition in before..partitions {
                if let Err(error) = self.start_partition(partition, &mut started).await {
                    started.reverse();
                    if !planted(Bug::HalfOfMoreStays) {
                        self.stop_partitions(started, asker).await;
                    }
                    return Err(error);
                }
            }
            table.divide(partitions);
        }
        Ok(before)
    }

    /// Stops these, one after the other. None of them is missed, also where it ends before its turn.
    async fn stop_partitions(&mut self, keys: Vec<ChildKey>, asker: Option<Pid>) {
        for key in &keys {
            if !planted(Bug::StoppedPartitionMissed) {
                self.note_leaving(*key);
            }
        }
        let mut waiting = Waiting::default();
        for key in keys {
            self.stop_child(key, &mut waiting, asker).await;
            self.me.note_back(key);
        }
    }

    async fn start_partition(
        &mut self,
        partition: usize,
        started: &mut Vec<ChildKey>,
    ) -> Result<(), ResizeError> {
        match self.partition(partition) {
            None => Err(ResizeError::NotFound { partition }),
            Some((_, ChildStatus::Running(_) | ChildStatus::Restarting(_))) => Ok(()),
            Some((key, ChildStatus::Stopped)) => match self.start(key, AskedBy::Caller).await {
                Ok(_) => {
                    started.push(key);
                    Ok(())
                }
                Err(error) => Err(ResizeError::Start { partition, error }),
            },
        }
    }

    fn partition(&mut self, partition: usize) -> Option<(ChildKey, ChildStatus)> {
        self.child_of(&ChildId::new(partition))
    }
}
