#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| entra_fuzz_targets::unsigned(input));
