/* The letter that tells a supplier beforehand that a survey comes, with the two questions on it: a
 * page of HTML that prints on paper and needs nothing beside itself. Unannounced mails of a survey
 * are hardly ever answered, so it is personal: it names who writes, to whom, and why. */
#ifndef KL_CLIENT_LETTER_H
#define KL_CLIENT_LETTER_H

#include <stdio.h>

/* Texts as people typed them; what is not known is "". */
struct kl_letter {
	const char *from;     /* the organisation that asks */
	const char *signer;   /* who signs; else the organisation does */
	const char *project;  /* what the survey is called */
	const char *period;   /* of the project: "2016" */
	const char *area;     /* "Calderdale", or how else the area is called */
	const char *date;     /* of the letter */
	const char *reply_to; /* where answers go: a mail address, an address, a desk */
	const char *by;       /* until when */
	const char *supplier, *contact;
};

/* KL_E_IO. */
int kl_letter_write(FILE *out, const struct kl_letter *letter);

#endif
