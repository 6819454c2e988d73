/* Posts at this end: what people type for one, a text out of a file, and how one is drawn. The same for
 * lessons, questions and answers. */
#ifndef KL_CLIENT_POST_TEXT_H
#define KL_CLIENT_POST_TEXT_H

#include "client/cli.h"

/* What a post is about. Also the filters of a list. */
#define KL_POST_FACET_OPTIONS                                                                      \
	{"place", "PLACE", "where: the name or GSS code of a council, or what people call it"},    \
		{"period", "PERIOD", "when: 2016, 2016/17, 2016-Q3 or 2016-04"},                   \
		{"characteristic", "N", "what it is about: 1 to 7, or a name", true},              \
		{"stage", "STAGE", "of commissioning: analyse, plan, deliver or review", true},    \
		{"route", "ROUTE", "asset transfer, grants, consortium, ...", true},               \
		{"service", "AREA", "of service, in your own words", true},                        \
		{"barrier", "BARRIER",                                                             \
			"capacity, risk aversion, letting go, disconnected system, evidence",      \
			true},                                                                     \
	{                                                                                          \
		"outcome", "OUTCOME", "worked, partly, did-not or not-yet"                         \
	}

/* Whose posts a list is about. */
#define KL_POST_AUTHOR_OPTIONS                                                                     \
	{"member", "MEMBER", "of one member"}, {"region", "REGION", "of members in a region"},     \
		{"type", "TYPE", "of councils of a type"},                                         \
	{                                                                                          \
		"like-me", NULL, "of the 15 members that are most like you"                        \
	}

#define KL_POST_TEXT_OPTIONS                                                                       \
	{"text", "TEXT", "what there is to say"},                                                  \
	{                                                                                          \
		"text-file", "FILE", "the same out of a file; - is what comes in"                  \
	}

/* Where there is none to list. */
#define KL_NO_LESSONS_YET                                                                          \
	"Nobody has published a lesson yet. keeplocal lesson add publishes one, keeplocal "        \
	"template\nlessons is a table for many.\n"

/* Adds every option of the command that was given, but those of confirm.h, --n (which is a number), and
 * --text-file, whose text is `text` (may be NULL). */
void kl_post_pack(const struct kl_cli *cli, struct kl_pack *pack, const char *text);

/* Adds --n, if it was given: from 1 to 200. KL_E_USAGE. */
int kl_post_pack_number(struct kl_cli *cli, struct kl_pack *pack);

/* What --text-file names: *ret_text is malloc'd, or NULL if it was not given. Lines end with \n and
 * nothing stands before or behind them. KL_E_USAGE if --text stands there, too; KL_E_INVALID,
 * KL_E_TOO_BIG, KL_E_NOT_FOUND with the name of the file. */
int kl_post_text_read(struct kl_cli *cli, char **ret_text);

enum { KL_POST_AUTHOR_MAX = 256 };

/* "One Trust", or "One Trust (suspended)" if it is no active member any more. Gives `out`. */
const char *kl_post_author(const struct kl_value *post, char out[KL_POST_AUTHOR_MAX]);

/* Draws a whole post, `title` first; what is absent is left out. */
void kl_draw_post(FILE *out, const struct kl_value *post);

/* The warnings of a preview, and what it means to publish. */
void kl_draw_post_preview(FILE *out, const struct kl_value *answer);

#endif
