//! The tenant (`tid`), step 10.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "tenant::another",
        summary: "A genuine token of another tenant.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(world.token().tenant("fabrikam").user("carol").client("orders-spa").sign())
        },
    },
    Case {
        id: "tenant::another-by-tid-alone",
        summary: "Another tenant's `tid` under our issuer.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Entra: claims validation", "CVE-2025-55241"],
        forge: |world| {
            Attempt::token(world.token().claim("tid", "bbbbbbbb-0000-4000-8000-000000000002").sign())
        },
    },
    Case {
        id: "tenant::common",
        summary: "`tid` is `common`.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", "common").sign()),
    },
    Case {
        id: "tenant::domain",
        summary: "`tid` is `contoso.example`.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", "contoso.example").sign()),
    },
    Case {
        id: "tenant::personal-accounts",
        summary: "`tid` is `9188040d-6c67-4c5b-b112-36a304b66dad`.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(world.token().claim("tid", "9188040d-6c67-4c5b-b112-36a304b66dad").sign())
        },
    },
    Case {
        id: "tenant::braces",
        summary: "Our tenant in braces.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(world.token().claim("tid", format!("{{{}}}", world.tenant_id())).sign())
        },
    },
    Case {
        id: "tenant::upper-case",
        summary: "Our tenant in upper case.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", world.tenant_id().to_uppercase()).sign()),
    },
    Case {
        id: "tenant::organizations",
        summary: "`tid` is `organizations`.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", "organizations").sign()),
    },
    Case {
        id: "tenant::zeros",
        summary: "`tid` is all zeros.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(world.token().claim("tid", "00000000-0000-0000-0000-000000000000").sign())
        },
    },
    Case {
        id: "tenant::prefix",
        summary: "Our tenant less its last character: the issuer contains it.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("tid", world.tenant_id()[..world.tenant_id().len() - 1].to_owned())
                    .sign(),
            )
        },
    },
    Case {
        id: "tenant::part-of-the-issuer",
        summary: "`tid` is a word that the issuer contains.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", "v2.0").sign()),
    },
    Case {
        id: "tenant::trailing-space",
        summary: "Our tenant and a space.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", format!("{} ", world.tenant_id())).sign()),
    },
    Case {
        id: "tenant::template",
        summary: "`tid` is the template of the metadata for many tenants.",
        expect: Expect::Refuse("auth_token_tenant_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |world| Attempt::token(world.token().claim("tid", "{tenantid}").sign()),
    },
];
