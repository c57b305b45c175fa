//! From the model and what is asked for to a plan.
