//! Writes the seeds to `fuzz/corpus/`: `cargo run -p entra-fuzz-targets --bin export-corpus`.

use std::{fs, io};

use entra_fuzz_targets::{TARGETS, seeds};

fn main() -> io::Result<()> {
    for (target, _) in TARGETS {
        let folder = seeds::folder("corpus", target);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let seeds = seeds::of(target);
        for (name, seed) in &seeds {
            fs::write(folder.join(name), seed)?;
        }
        println!("{target}: {} seeds, {} bytes", seeds.len(), seeds.values().map(Vec::len).sum::<usize>());
    }
    Ok(())
}
