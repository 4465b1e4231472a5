#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| pushbox_fuzz::body("bitbucket-server", input));
