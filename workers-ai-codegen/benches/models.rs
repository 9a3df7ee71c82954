//! How long reading and expanding each model takes, optimised. The distribution over all models is what counts, which is why
//! this is no harness that looks at one benchmark at a time.

#[path = "../examples/time.rs"]
mod time;

fn main() {
    time::main();
}
