//! The output: one JSON object a line.

use crate::args::args;

/// Prints one metric of the running workload.
pub(crate) fn emit(metric: &str, value: f64) {
    println!(
        "{{\"flavour\":\"{}\",\"metric\":\"{metric}\",\"value\":{value:.3}}}",
        args().flavour.name()
    );
}
