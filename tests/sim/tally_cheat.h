/* Members that do not play by the rules, each by strategies that it draws from the seed.
 *
 * A cheat is a node with an honest machine, of which a strategy takes some records away and writes
 * others in their place: it may say whatever its keys let it say, as often and to whom it likes. Up
 * to t - 1 seats of a tally cheat, and any number of contributors.
 *
 * strategy   a way to cheat with records of one kind; what it leaves alone is written as it is
 * mischief   something that needs no record to begin with; done now and then */
#ifndef KL_TESTS_SIM_TALLY_CHEAT_H
#define KL_TESTS_SIM_TALLY_CHEAT_H

#include "tests/sim/tally_end.h"

struct cheat {
	int node, tally;
	unsigned seat; /* 0: a contributor */
};

struct strategy {
	const char *text; /* for the trace: "keeps its votes to itself" */
	uint32_t kind;    /* of the records that it looks at */
	/* True: it has dealt with the record. */
	bool (*lie)(const struct cheat *cheat, struct kl_bytes payload);
};

struct mischief {
	const char *text;
	void (*act)(const struct cheat *cheat);
};

/* Life of a story. Then, once it is known who sits, draws up to `most` seats of a tally that cheat; and
 * once for each story, which members contribute falsely. */
void cheat_begin(void);
void cheat_seats(int tally, unsigned most);
void cheat_contributors(unsigned of_thousand);
/* Now and then: those that cheat in a tally make mischief. */
void cheat_now(int tally);
/* Everything that was kept back comes out. */
void cheat_release(void);
/* How often each strategy was used: numbers, and lines of text. */
uint64_t *cheat_figures(size_t *ret_count);
void cheat_tell(void);

/* ---- tables: tally_cheat_seat.c, tally_cheat_vote.c, tally_cheat_share.c ----------------------- */

extern const struct strategy cheat_seat_strategies[], cheat_vote_strategies[],
	cheat_share_strategies[];
extern const struct mischief cheat_mischief[];

/* SHAREs of a false contributor wait for their CONTRIB. */
bool cheat_holds_share(const struct cheat *cheat, struct kl_bytes payload);
void cheat_forget_shares(void);

/* What all of them need. */
bool cheat_likes(unsigned one_in);
void cheat_fill(void *bytes, size_t len);
/* Encodes and writes a record on a branch. */
#define CHEAT_SAY(cheat, branch, kind, write, record)                                              \
	do {                                                                                       \
		struct kl_writer cheat_w;                                                          \
		kl_writer_init(&cheat_w);                                                          \
		write(&cheat_w, record);                                                           \
		cheat_write(cheat, branch, kind, &cheat_w);                                        \
	} while (0)
void cheat_write(const struct cheat *cheat, unsigned branch, uint32_t kind, struct kl_writer *w);
/* Begins the second branch of the cheat's feed, told to half of the others. */
void cheat_fork(const struct cheat *cheat);
/* Remembers a record that is to be written much later. */
void cheat_keep_back(const struct cheat *cheat, uint32_t kind, struct kl_bytes payload);
/* A proposal that somebody wrote for an attempt, drawn among all; false if there is none. */
bool cheat_find_proposal(int tally, uint32_t attempt, struct kl_id *ret_proposal);
/* Some record of the kind that somebody wrote in a tally (tally < 0: in any); NULL if there is none. */
const struct net_record *cheat_find(int author, int tally, uint32_t kind);

#endif
