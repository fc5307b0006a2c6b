//! The real thing: one Erlang VM, which plays all scenarios.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::scenario::Scenario;

/// How many scenarios are on their way at a time. What they answer with has to fit into the pipe meanwhile.
const AHEAD: usize = 8;

pub(crate) struct Erlang {
    vm: Child,
    scenarios: ChildStdin,
    traces: Lines<BufReader<ChildStdout>>,
    pub(crate) version: String,
    number: usize,
}

impl Erlang {
    /// Starts it. `None`: there is none on this machine.
    pub(crate) fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/otp/erlang");
        let load = "[begin {ok, M, Code} = compile:file(File, [binary, report]), {module, M} = code:load_binary(M, File, Code) end \
                    || File <- [\"otp_child\", \"otp_tree\", \"otp_recorder\", \"otp_runner\"]], otp_runner:main().";
        // One scheduler: what happens has one order.
        let mut vm = Command::new("erl")
            .current_dir(folder)
            .args(["+S", "1", "-noshell", "-eval", load])
            .env("ERL_CRASH_DUMP", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let scenarios = vm.stdin.take().expect("a pipe");
        let mut traces = BufReader::new(vm.stdout.take().expect("a pipe")).lines();
        let version = traces.next().expect("it says who it is").expect("text");
        Some(Self {
            vm,
            scenarios,
            traces,
            version,
            number: 0,
        })
    }

    /// The traces of scenarios.
    pub(crate) fn play(&mut self, scenarios: &[Scenario]) -> Vec<Vec<String>> {
        let mut traces = Vec::with_capacity(scenarios.len());
        for (at, scenario) in scenarios.iter().enumerate() {
            self.send(scenario);
            if at >= AHEAD {
                traces.push(self.receive());
            }
        }
        while traces.len() < scenarios.len() {
            traces.push(self.receive());
        }
        traces
    }

    fn send(&mut self, scenario: &Scenario) {
        self.number += 1;
        let line = scenario.term(self.number);
        writeln!(self.scenarios, "{line}").expect("the VM reads");
    }

    fn receive(&mut self) -> Vec<String> {
        let mut lines = (&mut self.traces).map(|line| line.expect("the VM writes text"));
        let number = lines.next().expect("the VM has not ended");
        assert!(number.parse::<usize>().is_ok(), "{number}");
        let trace: Vec<_> = lines.by_ref().take_while(|line| line != "done").collect();
        trace
    }
}

impl Drop for Erlang {
    fn drop(&mut self) {
        let _killed = self.vm.kill();
        let _status = self.vm.wait();
    }
}
