//! How long a text may get that is kept, logged or quoted.

/// What is kept of a value from a request, in characters. Honest ones are shorter.
const MOST: usize = 300;

/// The text, or its beginning and an ellipsis.
pub(crate) fn cut(text: String) -> String {
    match text.char_indices().nth(MOST) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The text, or its beginning, an ellipsis and its end: what is long in a message is a value that it quotes, and the end says
/// what to do.
pub(crate) fn cut_within(text: String) -> String {
    const EACH: usize = MOST / 2;
    if text.chars().nth(MOST).is_none() {
        return text;
    }
    let begin = text.char_indices().nth(EACH).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().nth_back(EACH - 1).map_or(0, |(at, _)| at);
    format!("{}…{}", &text[..begin], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_a_short_one_is_not() {
        for letter in ["a", "ü", "€", "𝄞"] {
            let (short, long) = (letter.repeat(MOST), letter.repeat(MOST + 1));
            assert_eq!((cut(short.clone()), cut_within(short.clone())), (short.clone(), short.clone()));
            assert_eq!(
                (cut(long.clone()), cut_within(long)),
                (format!("{short}…"), {
                    let half = letter.repeat(MOST / 2);
                    format!("{half}…{half}")
                })
            );
        }
    }
}
