// The compiler finds `#[diagnostic::…]`, which carries our messages, only through the prelude: a limit of the language.
mod bare {
    #![no_implicit_prelude]

    #[::workers_ai::workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    //~ error: cannot find module or crate `diagnostic` in this scope [at `#[::workers_ai::workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]`]
    pub struct Flux;
}

fn main() {
    let _ = bare::Flux;
}
