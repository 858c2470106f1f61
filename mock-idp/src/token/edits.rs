//! Changes to an honest token.

use std::sync::Arc;

use serde_json::Value;

use super::{
    key::SigningKey,
    signed::{Draft, Members, Signature, SignedToken, behind_nonce, claims_part, header_part, part},
    subject::ForgeError,
};

/// Changes to an honest token, in the order of the calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Edits {
    pub(super) members: Vec<Edit>,
    pub(super) signature: Signature,
    pub(super) raw_header: Option<Vec<u8>>,
    pub(super) raw_payload: Option<Vec<u8>>,
    pub(super) raw_signature: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
pub(super) enum Edit {
    SetClaim(String, Value),
    RemoveClaim(String),
    RemoveClaimIfPresent(String),
    SetHeader(String, Value),
    RemoveHeader(String),
    RemoveHeaderIfPresent(String),
}

impl Edit {
    fn apply(&self, header: &mut Members, claims: &mut Members) -> Result<(), ForgeError> {
        match self {
            Self::SetClaim(name, value) => drop(claims.insert(name.clone(), value.clone())),
            Self::SetHeader(name, value) => drop(header.insert(name.clone(), value.clone())),
            Self::RemoveClaimIfPresent(name) => drop(claims.remove(name)),
            Self::RemoveHeaderIfPresent(name) => drop(header.remove(name)),
            Self::RemoveClaim(name) => {
                claims.remove(name).ok_or_else(|| ForgeError::absent("claim", name, claims))?;
            }
            Self::RemoveHeader(name) => {
                header.remove(name).ok_or_else(|| ForgeError::absent("header member", name, header))?;
            }
        }
        Ok(())
    }
}

impl Edits {
    pub(super) fn sign(&self, draft: Draft, key: &Arc<SigningKey>) -> Result<SignedToken, ForgeError> {
        let key = match self.signature {
            Signature::UnknownKey => SigningKey::published(SigningKey::PUBLISHED - 1),
            _ => Arc::clone(key),
        };
        let has_nonce = draft.nonce.is_some();
        let (mut header, mut claims) = (draft.header(key.kid()), draft.claims);
        if self.signature == Signature::None {
            header.insert("alg".to_owned(), "none".into());
        }
        for edit in &self.members {
            edit.apply(&mut header, &mut claims)?;
        }
        let payload = self.raw_payload.as_ref().map_or_else(|| claims_part(&claims), |raw| part(raw));
        let shown = self.raw_header.as_ref().map_or_else(|| header_part(&header), |raw| part(raw));
        let signed = match &self.raw_header {
            None if has_nonce => behind_nonce(&header),
            _ => None,
        };
        let input = format!("{}.{payload}", signed.as_ref().unwrap_or(&shown));
        let token = format!("{shown}.{payload}.{}", part(&self.signature_over(input.as_bytes(), &key)));
        Ok(SignedToken { token, header, claims, kid: key.kid().to_owned() })
    }

    fn signature_over(&self, input: &[u8], key: &SigningKey) -> Vec<u8> {
        match (&self.raw_signature, self.signature) {
            (Some(bytes), _) => bytes.clone(),
            (None, Signature::None | Signature::Empty) => Vec::new(),
            (None, Signature::Valid | Signature::UnknownKey) => key.sign(input),
            (None, Signature::Tampered) => {
                let mut signature = key.sign(input);
                signature[0] ^= 1;
                signature
            }
        }
    }
}
