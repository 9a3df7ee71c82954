//! A program of natural calls of a model: every setter, every member of the output, every trait.

use std::fmt::Write as _;

use cargo_workers_ai::{surface, verify::Read};
use workers_ai_codegen::{Fill, Target};

/// Returns the program, without the model itself.
pub(super) fn calls(read: &Read) -> String {
    let model = &read.model;
    let target = Target::named(surface::STRUCT);
    let mut text = String::new();
    let mut number = 0;
    for fill in [Fill::Required, Fill::All] {
        for (_, call) in workers_ai_codegen::example(model, &target, fill) {
            let _ = writeln!(text, "pub fn call{number}() -> MInput {{ {call} }}");
            number += 1;
        }
    }
    let _ = writeln!(text, "{}", workers_ai_codegen::reading(model, &target));
    let capabilities = model.info.capabilities.iter().map(|capability| ("M".to_owned(), capability.name().to_owned()));
    let traits = read.surface.traits.iter().cloned();
    for (of, name) in traits.chain(capabilities) {
        // The content of messages and the format of answers may become wider.
        let name = name.split("<Content").next().unwrap_or_default().to_owned();
        let name = name
            .replace("Format = ", "Format = ::workers_ai::__private::")
            .replace("Reply = ", "Reply = ::workers_ai::__private::");
        let _ = writeln!(
            text,
            "const _: () = {{ const fn has<T: ::workers_ai::__private::{name}>() {{}} has::<{of}>() }};"
        );
    }
    text
}
