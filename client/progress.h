/* A bar on standard error for whatever takes longer than a second, when a person watches. */
#ifndef KL_CLIENT_PROGRESS_H
#define KL_CLIENT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kl_progress {
	FILE *out; /* NULL: nobody watches */
	uint64_t begun_ms, drawn_ms;
	bool drawn;
};

/* `out` is drawn on only if it is a terminal. */
void kl_progress_init(struct kl_progress *progress, FILE *out);

/* Fits struct kl_link_options. total 0: unknown. */
void kl_progress_show(void *progress, uint64_t done, uint64_t total, const char *what);

/* Whether the bar stands on the terminal right now; a signal handler may ask. */
bool kl_progress_stands(void);

/* Removes the bar, before anything else is printed. */
void kl_progress_clear(struct kl_progress *progress);

/* The line as it is drawn, for `done` of `total`. Returns `out`. */
enum { KL_PROGRESS_LINE_MAX = 256 };
const char *kl_progress_line(
	uint64_t done, uint64_t total, const char *what, char out[KL_PROGRESS_LINE_MAX]);

#endif
