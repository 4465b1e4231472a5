//! What an instance type's name says: processor architecture, hypervisor, and whether it has CPU credits.
//!
//! Source: "Amazon EC2 instance type naming conventions" and "Instances built on the AWS Nitro System".

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    Arm64,
    X86_64,
}

impl Arch {
    /// As Debian and Ubuntu call it, also in the names of their image parameters.
    pub fn debian_name(self) -> &'static str {
        match self {
            Arch::Arm64 => "arm64",
            Arch::X86_64 => "amd64",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hypervisor {
    /// Tags show in instance metadata while the instance runs.
    Nitro,
    /// Tags show in instance metadata only after a stop and a start.
    Xen,
}

/// Families of before Nitro.
const XEN: &[&str] = &[
    "t1", "t2", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "cc2", "cr1", "r3", "r4", "x1", "x1e", "d2", "h1",
    "hs1", "i2", "i3", "f1", "g2", "g3", "g3s", "p2", "p3",
];

/// `t4g` of `t4g.small`; nothing where the name has not the form `family.size`.
fn family(instance_type: &str) -> Option<&str> {
    let (family, size) = instance_type.split_once('.')?;
    let word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    (word(family) && word(size) && family.bytes().any(|b| b.is_ascii_digit())).then_some(family)
}

/// Whether the name could be an instance type; EC2 alone knows whether it is one.
pub fn is_instance_type(name: &str) -> bool {
    family(name).is_some()
}

/// Graviton types carry a `g` after the generation number (`t4g`, `c7gn`, `im4gn`); `a1` is the first of them.
pub fn arch(instance_type: &str) -> Arch {
    let family = family(instance_type).unwrap_or_default();
    let after_generation = family
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if family == "a1" || after_generation.starts_with('g') { Arch::Arm64 } else { Arch::X86_64 }
}

pub fn hypervisor(instance_type: &str) -> Hypervisor {
    let old = family(instance_type).is_some_and(|family| XEN.contains(&family));
    if old { Hypervisor::Xen } else { Hypervisor::Nitro }
}

/// Only burstable types take a CreditSpecification; others refuse it.
pub fn has_cpu_credits(instance_type: &str) -> bool {
    family(instance_type).is_some_and(|family| ["t2", "t3", "t3a", "t4g"].contains(&family))
}

/// What is known of the machines that small apps run on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub memory_gib: f64,
    pub vcpus: u32,
    /// How much of each vCPU costs no credits, from 0 to 1; 1 where there are no credits.
    pub baseline: f64,
}

/// Of burstable types up to large, and of the smallest others. Source: "Key concepts for burstable performance instances" and
/// "Amazon EC2 instance types".
pub fn size(instance_type: &str) -> Option<Size> {
    let (family, size) = instance_type.split_once('.')?;
    let known = |memory_gib, vcpus, baseline| Some(Size { memory_gib, vcpus, baseline });
    match (family, size) {
        ("t2", "nano") => known(0.5, 1, 0.05),
        ("t2", "micro") => known(1.0, 1, 0.1),
        ("t2", "small") => known(2.0, 1, 0.2),
        ("t3" | "t3a" | "t4g", "nano") => known(0.5, 2, 0.05),
        ("t3" | "t3a" | "t4g", "micro") => known(1.0, 2, 0.1),
        ("t3" | "t3a" | "t4g", "small") => known(2.0, 2, 0.2),
        ("t2" | "t3" | "t3a" | "t4g", "medium") => known(4.0, 2, 0.2),
        ("t2" | "t3" | "t3a" | "t4g", "large") => known(8.0, 2, 0.3),
        ("m7g", "medium") => known(4.0, 1, 1.0),
        ("m7g", "large") => known(8.0, 2, 1.0),
        ("c7g", "medium") => known(2.0, 1, 1.0),
        ("c7g", "large") => known(4.0, 2, 1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_architecture_and_hypervisor() {
        for (name, architecture, on) in [
            ("t4g.small", Arch::Arm64, Hypervisor::Nitro),
            ("t3.micro", Arch::X86_64, Hypervisor::Nitro),
            ("t2.micro", Arch::X86_64, Hypervisor::Xen),
            ("c7gn.2xlarge", Arch::Arm64, Hypervisor::Nitro),
            ("im4gn.large", Arch::Arm64, Hypervisor::Nitro),
            ("g4dn.xlarge", Arch::X86_64, Hypervisor::Nitro),
            ("g5g.xlarge", Arch::Arm64, Hypervisor::Nitro),
            ("a1.medium", Arch::Arm64, Hypervisor::Nitro),
            ("m7i-flex.large", Arch::X86_64, Hypervisor::Nitro),
            ("u-6tb1.metal", Arch::X86_64, Hypervisor::Nitro),
        ] {
            assert!(is_instance_type(name), "{name}");
            assert_eq!(arch(name), architecture, "{name}");
            assert_eq!(hypervisor(name), on, "{name}");
        }
    }

    /// As "Amazon EC2 User Guide" and "Amazon EC2 instance types" list them.
    #[test]
    fn sizes_are_those_of_the_lists() {
        let all = |family: &str, sizes: &[&str]| {
            let of = |size: &&str| {
                let Size { memory_gib, vcpus, baseline } =
                    super::size(&format!("{family}.{size}")).expect(size);
                format!("{memory_gib} GiB, {vcpus} x {:.0} %", baseline * 100.0)
            };
            sizes.iter().map(of).collect::<Vec<_>>()
        };
        let burstable = ["nano", "micro", "small", "medium", "large"];
        let t3 =
            ["0.5 GiB, 2 x 5 %", "1 GiB, 2 x 10 %", "2 GiB, 2 x 20 %", "4 GiB, 2 x 20 %", "8 GiB, 2 x 30 %"];
        for family in ["t3", "t3a", "t4g"] {
            assert_eq!(all(family, &burstable), t3);
        }
        let t2 =
            ["0.5 GiB, 1 x 5 %", "1 GiB, 1 x 10 %", "2 GiB, 1 x 20 %", "4 GiB, 2 x 20 %", "8 GiB, 2 x 30 %"];
        assert_eq!(all("t2", &burstable), t2);
        assert_eq!(all("m7g", &["medium", "large"]), ["4 GiB, 1 x 100 %", "8 GiB, 2 x 100 %"]);
        assert_eq!(all("c7g", &["medium", "large"]), ["2 GiB, 1 x 100 %", "4 GiB, 2 x 100 %"]);
        for unknown in ["t4g.xlarge", "m7g.nano", "t4g", ""] {
            assert_eq!(super::size(unknown), None);
        }
    }

    #[test]
    fn what_is_no_type_is_told_apart() {
        for name in ["", "t4g", "t4g.", ".small", "T4G.small", "t4g small", "t4g.small;", "nano.t4g"] {
            assert!(!is_instance_type(name), "{name}");
        }
    }
}
