//! From syntax trees to the model.
