//! What an API sends and prints is not ours: it is cut and escaped once, where it is read.

const CUT: &str = "...";

/// At most `longest` characters of printable ASCII: terminals, XML and pages show them as they are. Others are escaped.
pub(super) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    let mut fits = 0;
    for character in text.chars() {
        match character {
            ' '..='~' => shown.push(character),
            // Stack traces are indented with it.
            '\t' => shown.push_str("    "),
            _ => shown.extend(character.escape_default()),
        }
        if shown.len() > longest {
            shown.truncate(fits);
            return shown + CUT;
        }
        if shown.len() + CUT.len() <= longest {
            fits = shown.len();
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_a_terminal_or_a_parser_would_act_on_is_escaped_visibly() {
        assert_eq!(printable("auth_token_expired", 100), "auth_token_expired");
        let hostile = "\u{1b}]0;title\u{7}\0\u{202e}\u{fffe}\r\n\u{fc}";
        assert_eq!(printable(hostile, 100), r"\u{1b}]0;title\u{7}\u{0}\u{202e}\u{fffe}\r\n\u{fc}");
    }

    #[test]
    fn a_long_text_is_cut_and_never_within_an_escape() {
        assert_eq!(printable(&"a".repeat(100), 100), "a".repeat(100));
        assert_eq!(printable(&"a".repeat(65_536), 100), "a".repeat(97) + "...");
        assert_eq!(printable(&"\u{202e}".repeat(65_536), 20), r"\u{202e}\u{202e}...");
    }
}
