//! Rendering alone, over a document made by hand.
