//! Scenarios that differ are made smaller, as long as they differ.

use crate::scenario::{Kind, Op, Scenario, Spec};

impl Scenario {
    /// This scenario with something left out, the most first.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let ops = self.ops.len();
        let mut size = ops.div_ceil(2);
        while size > 0 {
            for begin in (0..ops).step_by(size) {
                let mut smaller = self.clone();
                smaller.ops.drain(begin..ops.min(begin + size));
                all.push(smaller);
            }
            size /= 2;
        }
        for root in self.root.smaller() {
            let ops = self.ops.clone();
            all.push(Self { root, ops });
        }
        for (at, op) in self.ops.iter().enumerate() {
            for op in op.smaller() {
                let mut smaller = self.clone();
                smaller.ops[at] = op;
                all.push(smaller);
            }
        }
        all
    }
}

impl Spec {
    /// This one with a child less, somewhere below.
    fn smaller(&self) -> Vec<Self> {
        let Kind::Supervisor { children, .. } = &self.kind else {
            return Vec::new();
        };
        let with = |children: Vec<Self>| {
            let mut smaller = self.clone();
            if let Kind::Supervisor { children: of, .. } = &mut smaller.kind {
                *of = children;
            }
            smaller
        };
        let mut all = Vec::new();
        for at in 0..children.len() {
            let mut fewer = children.clone();
            fewer.remove(at);
            all.push(with(fewer));
        }
        for (at, child) in children.iter().enumerate() {
            for child in child.smaller() {
                let mut other = children.clone();
                other[at] = child;
                all.push(with(other));
            }
        }
        all
    }
}

impl Op {
    fn smaller(&self) -> Vec<Self> {
        match self {
            Self::Next(id, outcomes) if outcomes.len() > 1 => {
                let fewer = outcomes[1..].to_vec();
                vec![Self::Next(*id, fewer)]
            }
            Self::Hold(at, ends, requests) => {
                let fewer_ends = (0..ends.len()).map(|out| {
                    let mut ends = ends.clone();
                    ends.remove(out);
                    Self::Hold(*at, ends, requests.clone())
                });
                let fewer_requests = (0..requests.len()).map(|out| {
                    let mut requests = requests.clone();
                    requests.remove(out);
                    Self::Hold(*at, ends.clone(), requests)
                });
                fewer_ends.chain(fewer_requests).collect()
            }
            Self::Linger(id, op, ends, requests) => {
                let alone = [(**op).clone()].into_iter();
                let fewer_ends = (0..ends.len()).map(|out| {
                    let mut ends = ends.clone();
                    ends.remove(out);
                    Self::Linger(*id, op.clone(), ends, requests.clone())
                });
                let fewer_requests = (0..requests.len()).map(|out| {
                    let mut requests = requests.clone();
                    requests.remove(out);
                    Self::Linger(*id, op.clone(), ends.clone(), requests)
                });
                alone.chain(fewer_ends).chain(fewer_requests).collect()
            }
            Self::StartChild(at, spec) => {
                let smaller = spec.smaller().into_iter();
                smaller.map(|spec| Self::StartChild(*at, spec)).collect()
            }
            _ => Vec::new(),
        }
    }
}
