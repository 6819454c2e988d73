/* Payloads of roster records: strict msgpack maps, read only in exactly the form written here.
 *
 * Each decoder takes the bytes of one payload and touches its output only on success:
 * KL_E_MALFORMED for bytes that are not in the form, KL_E_INVALID or KL_E_RANGE with a sentence for
 * values that break a rule. Each encoder appends what its decoder reads. */
#ifndef KL_PROTOCOL_PAYLOAD_ROSTER_H
#define KL_PROTOCOL_PAYLOAD_ROSTER_H

#include "core/profile.h"
#include "protocol/cohort.h"
#include "protocol/record.h"

enum {
	KL_CHARTER_MINIMUM_DEFAULT = 10, /* the habit of the Office for National Statistics */
	KL_CHARTER_MINIMUM_LOWEST = 5,
	KL_CHARTER_MINIMUM_HIGHEST = 1000,
	KL_CHARTER_METRICS_MAX = 160,
	KL_PAYLOAD_CODE_MAX = 48,
	KL_REASON_MAX = 500,
};

/* Default windows of a tally: three weeks to contribute, one to decide. */
#define KL_CHARTER_CONTRIBUTE_MS_DEFAULT (UINT64_C(21) * 24 * 3600 * 1000)
#define KL_CHARTER_DECIDE_MS_DEFAULT     (UINT64_C(7) * 24 * 3600 * 1000)
#define KL_CHARTER_WINDOW_MS_MAX         (UINT64_C(366) * 24 * 3600 * 1000)
#define KL_CHARTER_WINDOW_MS_MIN         UINT64_C(1000)

struct kl_network_create {
	char name[KL_MEMBER_NAME_MAX];
	uint8_t nonce[KL_NETWORK_NONCE_BYTES];
	struct kl_id network; /* H("KL1/network", convenor, name, nonce): checked by the fold */
	uint8_t curve_key[32];
};

struct kl_charter {
	uint32_t minimum; /* members in the smallest cohort that may be shown */
	uint64_t contribute_ms, decide_ms;
	size_t n_metrics; /* 0: every metric of the catalogue */
	char metrics[KL_CHARTER_METRICS_MAX][KL_PAYLOAD_CODE_MAX];
	size_t n_cohorts;                         /* 0: whoever calls a tally chooses them */
	struct kl_cohort cohorts[KL_COHORTS_MAX]; /* in order of priority; no call names others */
};

struct kl_admit {
	struct kl_id identity;
	uint8_t curve_key[32];
	char name[KL_MEMBER_NAME_MAX];
	struct kl_attributes attributes; /* kind is council or anchor */
};

/* Retire, suspend and remove name a member; retire and remove also where its feed ends. */
struct kl_standing {
	struct kl_id identity;
	bool ends;
	struct kl_head end;
	char reason[KL_REASON_MAX];
};

/* A member's feed goes on in a new epoch, because the old one was forked: there it ends at `end`, and
 * stays. */
struct kl_reset {
	struct kl_id identity;
	uint32_t epoch; /* the new one: the one before and one more */
	struct kl_head end;
	char reason[KL_REASON_MAX];
};

/* The payload of a record that is to be erased wherever it is. */
struct kl_erase {
	struct kl_feed_key feed;
	struct kl_head record;
	char reason[KL_REASON_MAX];
};

/* The roster goes on in a member's feed behind that head. */
struct kl_next_convenor {
	struct kl_feed_key feed;
	uint8_t curve_key[32];
	struct kl_head head;
};

void kl_charter_default(struct kl_charter *charter);
int kl_charter_check(const struct kl_charter *charter, struct kl_fault *fault);

void kl_network_create_write(struct kl_writer *w, const struct kl_network_create *create);
int kl_network_create_read(
	struct kl_bytes payload, struct kl_network_create *ret_create, struct kl_fault *fault);

void kl_charter_write(struct kl_writer *w, const struct kl_charter *charter);
int kl_charter_read(
	struct kl_bytes payload, struct kl_charter *ret_charter, struct kl_fault *fault);

void kl_admit_write(struct kl_writer *w, const struct kl_admit *admit);
int kl_admit_read(struct kl_bytes payload, struct kl_admit *ret_admit, struct kl_fault *fault);

void kl_standing_write(struct kl_writer *w, const struct kl_standing *standing);
int kl_standing_read(
	struct kl_bytes payload, struct kl_standing *ret_standing, struct kl_fault *fault);

void kl_reset_write(struct kl_writer *w, const struct kl_reset *reset);
int kl_reset_read(struct kl_bytes payload, struct kl_reset *ret_reset, struct kl_fault *fault);

void kl_erase_write(struct kl_writer *w, const struct kl_erase *erase);
int kl_erase_read(struct kl_bytes payload, struct kl_erase *ret_erase, struct kl_fault *fault);

void kl_next_convenor_write(struct kl_writer *w, const struct kl_next_convenor *next);
int kl_next_convenor_read(
	struct kl_bytes payload, struct kl_next_convenor *ret_next, struct kl_fault *fault);

/* The map of confirmed attributes, shared with profiles: absent ones are left out. */
void kl_attributes_write(struct kl_writer *w, const struct kl_attributes *attributes);
int kl_attributes_read(
	const struct kl_value *map, struct kl_attributes *ret_attributes, struct kl_fault *fault);

#endif
