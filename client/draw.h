/* Small things that most drawings of an answer need. An absent or nil value is never shown as 0. */
#ifndef KL_CLIENT_DRAW_H
#define KL_CLIENT_DRAW_H

#include "client/cli.h"
#include "client/table.h"

enum { KL_DRAW_TEXT_MAX = 2100, KL_DRAW_NUMBER_MAX = 40 };

/* A word as a shell takes it, for commands that are shown to be typed: in quotes only if it needs
 * them. Too long a word is cut. Returns `out`. */
const char *kl_draw_word(const char *word, char out[KL_DRAW_TEXT_MAX]);

/* The items of the array under `key`; none if it is absent. */
struct kl_cursor kl_draw_items(const struct kl_value *map, const char *key);

/* How many items it has. */
size_t kl_draw_count(const struct kl_value *map, const char *key);

/* A number as short as it can be told ("2.5", "1401"), or `none`. Returns `out`. */
const char *kl_draw_number(const struct kl_value *map, const char *key, const char *none,
	char out[KL_DRAW_NUMBER_MAX]);

/* A place or an area under `key` by its name ("area_name" beside "area") if the answer knows it, else as
 * it was said, or `none`. Returns `out`. */
const char *kl_draw_named(
	const struct kl_value *map, const char *key, const char *none, char *out, size_t size);

/* Unsigned whole number, 0 if absent; true only if the flag is there and set. */
uint64_t kl_draw_uint(const struct kl_value *map, const char *key);
bool kl_draw_flag(const struct kl_value *map, const char *key);

/* Whether this answers a dry run ("published": false), which is said first then. */
bool kl_draw_unpublished(FILE *out, const struct kl_value *answer);

/* A cell of a table with a text of the map. */
void kl_draw_cell(
	struct kl_table *table, const struct kl_value *map, const char *key, const char *none);

/* "LABEL: TEXT" with an indentation in blanks, only if there is a text; control characters but
 * newlines are shown as `?`, and further lines are indented alike. */
void kl_draw_line(
	FILE *out, int indent, const char *label, const struct kl_value *map, const char *key);

/* The texts of an array, each on a line of its own after `bullet`. */
void kl_draw_texts(FILE *out, const char *bullet, const struct kl_value *map, const char *key);

/* Prints a text in lines of at most `width` characters, broken at blanks where possible; lines behind the
 * first are indented. What could drive a terminal is shown as `?`. */
void kl_draw_wrapped(FILE *out, const char *text, size_t width, int indent);

/* The end of the next line of a text that is to be that wide; *ret_next is where the line behind it
 * begins. */
const char *kl_draw_line_end(const char *text, size_t width, const char **ret_next);

/* A text after `bullet`, wrapped at the hundredth column; further lines are indented as far as the bullet
 * reaches. */
void kl_draw_bullet(FILE *out, const char *bullet, const char *text);

/* The texts of an array, each broken like this. */
void kl_draw_wrapped_texts(
	FILE *out, const char *bullet, const struct kl_value *map, const char *key);

/* The same as kl_draw_texts() behind a blank line and a title, if there are any. */
void kl_draw_titled(FILE *out, const char *title, const struct kl_value *map, const char *key);

/* "TITLE: A, B, C" and `end`, only if there is a text; what passes the hundredth column goes on in
 * the next line. */
void kl_draw_joined(
	FILE *out, const char *title, const struct kl_value *map, const char *key, const char *end);

/* Prints a text without what could drive a terminal. */
void kl_draw_plain(FILE *out, const char *text, int indent);

#endif
