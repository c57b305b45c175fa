//! What `use` brings in, and the library that comes with the program.

mod channels;
mod folders;
mod shipped;
