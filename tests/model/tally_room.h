/* All members' machines in one room: whatever one of them says, all hear at once, in one order. */
#ifndef KL_TESTS_MODEL_TALLY_ROOM_H
#define KL_TESTS_MODEL_TALLY_ROOM_H

#include "protocol/tally.h"

enum { ROOM_MEMBERS_MAX = 40, ROOM_SAID_MAX = 1024 };

struct world_record;

struct room {
	unsigned count;
	const struct kl_id
		*ids[ROOM_MEMBERS_MAX]; /* of the members; they live as long as the room */
	struct kl_tallies *books[ROOM_MEMBERS_MAX]; /* READY */
	bool declines[ROOM_MEMBERS_MAX];            /* the others contribute */
	int16_t bin;                                /* their answer to everything */
	uint32_t
		until; /* a record of this kind is not heard any more; 0: until nobody wants anything */
	uint64_t now_ms, wall_ms;
	/* what comes of it */
	uint8_t keys[ROOM_MEMBERS_MAX][KL_SEED_BYTES];
	struct {
		unsigned member;
		const struct world_record *record;
	} said[ROOM_SAID_MAX];
	unsigned said_count;
	bool stopped; /* the last one is of the kind `until` */
};

/* Lets all hear the CALL, contribute or decline, and say what they want. */
void room_run(struct room *room, const struct world_record *call, unsigned metrics);

/* Lets all hear a record that comes later, and say what they want then. */
void room_hear(struct room *room, const struct kl_id *tally, const struct world_record *record);

/* Records of a kind that were said; by a member, or (-1) by all. */
unsigned room_count(const struct room *room, uint32_t kind, int member);

#endif
