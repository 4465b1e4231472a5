//! Repository URLs in their https, ssh and scp forms.
