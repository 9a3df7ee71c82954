//! Measures how long reading and expanding each model takes, optimized. The distribution over all models matters, so this
//! does not use a harness that runs one benchmark at a time.

#[path = "../examples/time.rs"]
mod time;

fn main() {
    time::main();
}
