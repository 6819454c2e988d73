/* Texts that mean harm, and texts that only look as if: the table that every surface is tried with. */
#ifndef TESTS_UNIT_NASTY_H
#define TESTS_UNIT_NASTY_H

#include <stddef.h>

struct nasty {
	const char *what, *text;
	const char *shown; /* as every surface must show it; NULL: as it is */
};

#define INSTEAD "\xef\xbf\xbd"

static const struct nasty nasty[] = {
	{"a colour", "a\x1b[31mred", "a" INSTEAD "[31mred"},
	{"a title of the window", "\x1b]0;owned\x07", INSTEAD "]0;owned" INSTEAD},
	{"C1 of eight bits",
		"a\xc2\x9b"
		"31m",
		"a" INSTEAD "31m"},
	{"a backspace", "yes\b\b\bno", "yes" INSTEAD INSTEAD INSTEAD "no"},
	{"a lone carriage return", "no figure\rall is well", "no figure" INSTEAD "all is well"},
	{"delete",
		"a\x7f"
		"b",
		"a" INSTEAD "b"},
	{"overlong", "\xc0\xaf", INSTEAD INSTEAD},
	{"a surrogate", "\xed\xa0\x80", INSTEAD INSTEAD INSTEAD},
	{"beyond Unicode", "\xf4\x90\x80\x80", INSTEAD INSTEAD INSTEAD INSTEAD},
	{"cut short", "Wem \xe2\x82", "Wem " INSTEAD INSTEAD},
	{"right-to-left override",
		"exe.\xe2\x80\xae"
		"fdp",
		"exe." INSTEAD "fdp"},
	{"isolates",
		"\xe2\x81\xa7"
		"a\xe2\x81\xa9",
		INSTEAD "a" INSTEAD},
	{"marks of direction", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", INSTEAD INSTEAD INSTEAD},
	{"a zero-width space", "Exam\xe2\x80\x8bple", "Exam" INSTEAD "ple"},
	{"joiners between Latin letters",
		"a\xe2\x80\x8c"
		"b\xe2\x80\x8d"
		"c",
		"a" INSTEAD "b" INSTEAD "c"},
	{"a word joiner",
		"a\xe2\x81\xa0"
		"b",
		"a" INSTEAD "b"},
	{"a byte order mark", "\xef\xbb\xbfName", INSTEAD "Name"},
	{"a soft hyphen",
		"coun\xc2\xad"
		"cil",
		"coun" INSTEAD "cil"},
	{"line and paragraph separators",
		"a\xe2\x80\xa8"
		"b\xe2\x80\xa9"
		"c",
		"a" INSTEAD "b" INSTEAD "c"},
	{"tags without a flag", "a\xf3\xa0\x81\xa1\xf3\xa0\x81\xbf", "a" INSTEAD INSTEAD},
	{"a selector behind a letter", "a\xef\xb8\x8f", "a" INSTEAD},
	{"a Hangul filler", "\xe3\x85\xa4", INSTEAD},
	{"no character", "\xef\xbf\xbe", INSTEAD},
	{"a heap of marks", "a\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85",
		"a\xcc\x80\xcc\x81\xcc\x82\xcc\x83" INSTEAD INSTEAD},
	{"joiners one behind the other", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xe2\x80\x8d\xf0\x9f\x92\xbb",
		"\xf0\x9f\x91\xa9" INSTEAD INSTEAD "\xf0\x9f\x92\xbb"},

	{"Welsh", "T\xc5\xb7 Gwyn, Ynys M\xc3\xb4n, Caffi'r D\xc5\xb5r", NULL},
	{"Welsh in two characters each", "Ty\xcc\x82 Gwyn", NULL},
	{"Gaelic", "\xc3\x80ird nam Murchan, c\xc3\xb2ir", NULL},
	{"pounds and fractions",
		"\xc2\xa3"
		"12\xc2\xbd \xe2\x80\x93 \xe2\x80\x9cyes\xe2\x80\x9d",
		NULL},
	{"Urdu", "\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88", NULL},
	{"Persian with a non-joiner", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88", NULL},
	{"Hebrew with points", "\xd7\xa9\xd6\xbc\xd7\x81\xd6\xb8", NULL},
	{"Bengali", "\xe0\xa6\xac\xe0\xa6\xbe\xe0\xa6\x82\xe0\xa6\xb2\xe0\xa6\xbe", NULL},
	{"a family", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", NULL},
	{"a heart in colour", "\xe2\x9d\xa4\xef\xb8\x8f", NULL},
	{"a joined heart", "\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x94\xa5", NULL},
	{"a keycap", "1\xef\xb8\x8f\xe2\x83\xa3", NULL},
	{"a skin", "\xf0\x9f\x91\x8b\xf0\x9f\x8f\xbd", NULL},
	{"the flag of Wales",
		"\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb7\xf3\xa0\x81\xac"
		"\xf3\xa0\x81\xb3\xf3\xa0\x81\xbf",
		NULL},
};

enum { NASTY_COUNT = sizeof nasty / sizeof *nasty };

#endif
