/* Where this member stands: which figures it has, and what is open. What to do next follows from it
 * (next_steps.def). */
#ifndef KL_DAEMON_OUTLOOK_H
#define KL_DAEMON_OUTLOOK_H

#include "core/enabled_missing.h"
#include "core/lm3.h"
#include "daemon/network.h"
#include "daemon/node.h"

#include <stdbool.h>

enum { KL_DUTY_TEXT_MAX = 40 };

struct kl_outlook {
	enum kl_member_kind kind;
	enum kl_disk_state disk;
	bool networked, convenor, on_roster, shut_out;
	bool recovering, twin, superseded; /* the own feed (protocol/recover.h) */
	size_t members;                    /* on the roster */
	size_t tallies;                    /* that go on; of these take answers, and decide: */
	size_t tallies_open, tallies_deciding;
	size_t tallies_waiting; /* that wait for this member's word, */
	size_t tallies_vetoed;  /* of these with somebody on its veto list */
	size_t tallies_counted; /* late batches; this member was counted before */
	uint64_t duty_until_ms; /* until when this machine has to run for tallies; 0: need not */
	char duty[KL_DUTY_TEXT_MAX]; /* what for: "seat 4"; of several what lasts longest */
	size_t stray_vetoes;         /* names on the veto list that fit no member */

	struct {
		bool any;
		struct kl_period period; /* the latest */
		unsigned scored;         /* characteristics of it, of seven */
		unsigned assessors;
	} assessment;

	struct {
		size_t projects;
		bool any; /* one of them has a score; the rest tells of it */
		char name[KL_NAME_MAX];
		struct kl_period period;
		bool recorded, has_central;
		double low, central, high;
		enum kl_lm3_rating rating;
		const char *caveat;      /* NULL, or what stands beside the rating */
		char unfed[KL_NAME_MAX]; /* a ledger without a table of suppliers; "" if none */
	} lm3;

	struct {
		bool any, recorded;
		struct kl_period period;         /* the latest */
		struct kl_enabled_total total;   /* of tenants */
		struct kl_enabled_record record; /* or as recorded */
		size_t missing;                  /* tenants whose answer would help */
	} enabled;

	struct {
		size_t files, payments; /* payments that were accepted */
		bool places, looked_at; /* a table of places; everything was added up since */
		int64_t pence;
		bool has_days;
		int32_t first, last;
	} spend;

	size_t inbox_answers, inbox_others; /* what waits (inbox.h) */

	size_t observations; /* of indicators: recorded by hand, and rows of tables */
	bool thin_profile;   /* it does not even say where this member is */
	bool bare_profile;   /* a council without its population, an anchor without its services */
	bool reference;      /* a table of councils is here */
	bool policy;         /* something is said of one's own social value policy */
	size_t lessons;      /* of one's own that stand */
};

/* `thorough` adds up suppliers and tenants, which takes a moment; without it the scores and totals
 * stay unknown. */
int kl_outlook_look(struct kl_node *node, bool thorough, struct kl_outlook *ret_outlook,
	struct kl_fault *fault);

/* Any figure of one's own. */
bool kl_outlook_has_figures(const struct kl_outlook *outlook);

/* "alone", "active", "waiting for the convenor", ... */
const char *kl_outlook_state(const struct kl_network *network);

/* "keep_running": null, or what for, and until when: in UTC, and in words. */
void kl_put_duty(struct kl_writer *w, const struct kl_outlook *outlook);

#endif
