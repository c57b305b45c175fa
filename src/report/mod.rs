//! The report: what is to be shown, in the reader's words and digits, free of any output format.
