//! `worker-glue WASM FOLDER`: writes the JavaScript around a Worker's wasm.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(wasm), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: worker-glue WASM FOLDER".into());
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(&wasm).out_name("index").typescript(false).remove_name_section(true);
    bindgen.module(true)?.generate(&folder)?;
    Ok(())
}
