/* What the commands about spending files share. */
#ifndef KL_CLIENT_VERB_SPEND_H
#define KL_CLIENT_VERB_SPEND_H

#include "client/cli.h"

/* Brings a table of places in; prints what it came to unless `quiet`. */
int kl_spend_places_in(struct kl_cli *cli, const char *path, const char *tab, bool quiet,
	struct kl_value *ret_answer);

/* Has everything added up anew after something came in, so that shares of years are ready when they are
 * asked for, and prints the outcome in a line unless `quiet`. Nothing came in yet: nothing happens.
 * After something was taken back, too. */
void kl_spend_look_again(struct kl_cli *cli, bool quiet);

/* The options of a question: --year, --from, --to, --file, --area. */
#define KL_SPEND_ASKED                                                                             \
	{"year", "PERIOD", "of this year: 2016, 2016/17, or a quarter or month"},                  \
		{"from", "DAY", "from this day on, such as 2016-04-01"},                           \
		{"to", "DAY", "up to this day"},                                                   \
		{"file", "FILE",                                                                   \
			"of this file alone: its number in 'spend list', or a part of its name"},  \
	{                                                                                          \
		"area", "AREA",                                                                    \
			"count this area as local for this answer: GSS codes or postcode "         \
			"districts"                                                                \
	}

/* Adds those of them that were given. */
void kl_spend_pack_asked(const struct kl_cli *cli, struct kl_pack *pack);

/* "£1,234.50" of a key; "-" if it is not there. */
const char *kl_spend_money(const struct kl_value *map, const char *key, char out[64]);

/* "45.2%" of a share; "-" if it is not there. */
const char *kl_spend_percent(const struct kl_value *map, const char *key, char out[16]);

/* "1 row", "1,250 rows": `unit` in its singular. */
const char *kl_spend_count(uint64_t count, const char *unit, char out[64]);

#endif
