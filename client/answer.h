/* Any answer of the daemon as a table that people open with a spreadsheet program: what --out writes.
 *
 * fact    a single value of the answer, with the way to it as its label: "Confidence answered share"
 * part    a list of maps: a table of its own, whose columns are the values of the maps
 *
 * An XLSX has a sheet of facts and one for each part. A CSV holds one table: the first part, or the
 * facts if there is none. Money (keys that end in _pence) is in pounds, shares look like 45%, and
 * lists of plain values stand in one cell, or one below the other among the facts. */
#ifndef KL_CLIENT_ANSWER_H
#define KL_CLIENT_ANSWER_H

#include "client/cli.h"

#include <jansson.h>

enum { KL_ANSWER_LABEL_MAX = 160, KL_ANSWER_PARTS_MAX = 32, KL_ANSWER_LIST_MAX = 240 };

/* Writes an answer to a new file, and says so. What kl_book_new() and kl_book_finish() say. */
int kl_answer_write(struct kl_cli *cli, const struct kl_value *answer, const char *path);

/* The same of JSON; `title` stands above the tables of an XLSX. `left_out` (KL_ANSWER_LIST_MAX
 * bytes) names the tables that a CSV had no room for, "" if all is there. */
int kl_answer_book(const json_t *answer, const char *title, const char *path,
	struct kl_fault *fault, char left_out[KL_ANSWER_LIST_MAX]);

#endif
