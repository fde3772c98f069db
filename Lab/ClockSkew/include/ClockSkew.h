/// A library that is loaded before a program (LD_PRELOAD) and shows it a wrong time of day.
///
/// Nothing is called by name; see ClockSkew.c.
