//! Held against the real thing: OTP's supervisor in an Erlang VM, and ours, play the same scenarios, and have to leave the
//! same trace: who starts and who ends, why and in which order, what the supervisors answer, and how it comes out (F17).
//!
//! * `cargo test --features sim --test otp`: the full product of single deaths, and some random scripts.
//! * `SUPTREE_OTP_SCRIPTS=2000 cargo test --profile simulation --features sim --test otp -- --nocapture`: so many of them, as
//!   CI does. `SUPTREE_OTP_SEED=17`: from that seed on.
//! * `RUSTFLAGS="--cfg suptree_planted_bugs"`: three differences are planted in ours, and have to be found.
//!
//! Without `erl` on this machine nothing is compared, and the tests say so; but where `SUPTREE_OTP_SCRIPTS` is set there has to
//! be one.
//!
//! `erlang/` is the other side: a recorder and a runner. Deaths at one time are certain: Erlang's supervisor is held by
//! `sys:suspend` while they happen, ours by a child whose start waits.

mod erlang;
mod ours;
mod planted;
mod product;
mod random;
mod scenario;
mod smaller;
mod trace;
mod words;

use std::time::Instant;

use erlang::Erlang;
use scenario::Scenario;
use trace::Figures;

fn from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
    )
}

/// The VM; `None` where there need not be one.
fn erlang() -> Option<Erlang> {
    let vm = Erlang::start();
    if vm.is_none() {
        assert!(
            from_env("SUPTREE_OTP_SCRIPTS").is_none(),
            "there is no `erl`: Debian's erlang-base has it"
        );
        println!("skipped: there is no `erl` here");
    }
    vm
}

/// Plays the scenarios on both sides. The first that differ.
fn compare(
    vm: &mut Erlang,
    scenarios: &[Scenario],
    seed: u64,
    figures: &mut Figures,
) -> Option<(usize, String)> {
    let theirs = vm.play(scenarios);
    theirs.iter().for_each(|trace| figures.note(trace));
    find(scenarios, &theirs, seed, figures)
}

/// Plays the scenarios on our side. The first that differ from what OTP did.
fn find(
    scenarios: &[Scenario],
    theirs: &[Vec<String>],
    seed: u64,
    figures: &mut Figures,
) -> Option<(usize, String)> {
    let both = scenarios.iter().zip(theirs).enumerate();
    both.into_iter().find_map(|(at, (scenario, theirs))| {
        let ours = ours::play(scenario, seed.wrapping_add(at as u64));
        let difference = trace::difference(scenario, theirs, &ours, figures)?;
        Some((at, difference))
    })
}

/// Leaves things out, as long as a difference is left.
fn shrink(vm: &mut Erlang, mut scenario: Scenario, seed: u64) -> (Scenario, Option<String>) {
    let mut found = None;
    loop {
        let smaller = scenario.smaller().into_iter().find_map(|smaller| {
            let both = std::slice::from_ref(&smaller);
            let (_, difference) = compare(vm, both, seed, &mut Figures::default())?;
            Some((smaller, difference))
        });
        match smaller {
            Some((smaller, difference)) => (scenario, found) = (smaller, Some(difference)),
            None => return (scenario, found),
        }
    }
}

/// Plays the scripts of so many seeds. What differs first, shrunk.
fn search(vm: &mut Erlang, seeds: std::ops::Range<u64>, figures: &mut Figures) -> Option<String> {
    let seeds: Vec<_> = seeds.collect();
    for seeds in seeds.chunks(100) {
        let scripts: Vec<_> = seeds.iter().map(|seed| Scenario::random(*seed)).collect();
        if let Some((at, difference)) = compare(vm, &scripts, seeds[0], figures) {
            let seed = seeds[at];
            let (_, shrunk) = shrink(vm, scripts[at].clone(), seed);
            let difference = shrunk.unwrap_or(difference);
            return Some(format!("SUPTREE_OTP_SEED={seed}\n{difference}"));
        }
    }
    None
}

#[test]
fn f17_a_death_alone_does_what_it_does_in_otp() {
    let Some(mut vm) = erlang() else { return };
    let begun = Instant::now();
    let all = product::all();
    let mut figures = Figures::default();
    if let Some((at, difference)) = compare(&mut vm, &all, 1, &mut figures) {
        panic!("scenario {at} of the product:\n{difference}");
    }
    let took = begun.elapsed();
    println!(
        "{}: the product of {} scenarios in {took:.1?}; {figures}",
        vm.version,
        all.len()
    );
}

#[test]
fn f17_random_scripts_leave_the_traces_that_they_leave_in_otp() {
    let Some(mut vm) = erlang() else { return };
    let begun = Instant::now();
    let begin = from_env("SUPTREE_OTP_SEED").unwrap_or(1);
    let scripts = from_env("SUPTREE_OTP_SCRIPTS").unwrap_or(300);
    let mut figures = Figures::default();
    if let Some(difference) = search(&mut vm, begin..begin + scripts, &mut figures) {
        panic!("{difference}");
    }
    let took = begun.elapsed();
    println!(
        "{}: {scripts} random scripts from seed {begin} on in {took:.1?}; {figures}",
        vm.version
    );
    if scripts >= 300 {
        figures.check();
    }
}
