/* What honest seats have said, and what must hold of it whatever the cheats among the others do.
 *
 * said       what one honest seat has said after its INTAKE; its order is fixed by the rules, so a
 *            set is enough, and one byte holds it
 * cheats     f = t - 1 seats that say anything, at any time, to anybody, different things to
 *            different people. What they could say counts as said: they are in every count
 * proposal   of attempt a and variant v; its number is 2 a + v, its name P, P', Q or Q'
 *
 * The rules here are those of the protocol, written a second time: nothing in this file asks the
 * machine or core/. */
#ifndef KL_TESTS_MODEL_TALLY_SAID_H
#define KL_TESTS_MODEL_TALLY_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SAID_ATTEMPTS = 2, SAID_PROPOSALS = 4, SAID_HONEST_MAX = 7, SAID_TEXT_MAX = 160 };

enum said_choice { SAID_NO_CHOICE, SAID_VOTE, SAID_VOTE_OTHER, SAID_SKIP };

enum said_end { SAID_NO_END, SAID_QUIT, SAID_OPEN }; /* SAID_OPEN + number of the proposal */

struct said {
	uint8_t choice[SAID_ATTEMPTS];
	uint8_t end;
	bool proposed; /* leaders: made the proposal of their attempt */
};

uint8_t said_pack(struct said said);
struct said said_unpack(uint8_t byte);
/* True if it is that vote; proposals by number. */
bool said_votes(struct said said, unsigned proposal);

enum say_kind {
	SAY_PROPOSE,
	SAY_VOTE,
	SAY_SKIP,
	SAY_QUIT,
	SAY_OPEN,
	/* what no honest seat says */
	SAY_QUIT_WRONG, /* does not name exactly the votes of the seat */
	SAY_OPEN_WRONG, /* does not cite its certificate */
	SAY_STRANGE,    /* any other record */
};

struct say {
	uint8_t kind;
	uint8_t attempt;  /* but for QUIT */
	uint8_t proposal; /* VOTE, OPEN: its number */
};

/* The same with one more. Only for what rules_say passes. */
struct said said_with(struct said said, struct say say);

const char *said_proposal_name(unsigned proposal);
const char *say_text(struct say say, char out[SAID_TEXT_MAX]);
const char *said_text(struct said said, char out[SAID_TEXT_MAX]);

/* The committee, and who of it leads honestly. */
struct parties {
	unsigned n, t, f, qa, qv; /* by the formulas of the protocol */
	unsigned honest;
	bool silent;                       /* the others say nothing at all: f is 0 then */
	bool leader_cheats[SAID_ATTEMPTS]; /* or is silent */
	int leader_place
		[SAID_ATTEMPTS]; /* among the honest, who stand with leaders first; -1 cheats */
};

/* f cheats; or n - qv seats that are silent, with which a tally must still end. */
struct parties parties_of(unsigned n, unsigned t, bool first_cheats, bool second_cheats);
struct parties parties_silent(unsigned n, unsigned t, bool first_silent, bool second_silent);

/* Sums over the honest seats. */
struct tallying {
	unsigned votes[SAID_PROPOSALS], opens[SAID_PROPOSALS];
	unsigned silent_quits[SAID_PROPOSALS]; /* QUITs that do not name that proposal */
	unsigned skips[SAID_ATTEMPTS];
	unsigned quits;
	bool proposed[SAID_ATTEMPTS];
};

void tallying_of(
	const struct parties *parties, const struct said *honest, struct tallying *ret_tallying);

/* Whether it can be there as soon as the cheats want it. */
bool rules_proposed(
	const struct parties *parties, const struct tallying *tallying, unsigned proposal);
bool rules_opened(const struct parties *parties, const struct tallying *tallying, unsigned attempt);
bool rules_certified(
	const struct parties *parties, const struct tallying *tallying, unsigned proposal);
bool rules_failed(const struct parties *parties, const struct tallying *tallying);

/* What is wrong if a seat that said that now says this, or NULL. */
const char *rules_say(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say);

/* What is wrong with what has been said in all, or NULL. */
const char *rules_all(const struct parties *parties, const struct tallying *tallying);

#endif
