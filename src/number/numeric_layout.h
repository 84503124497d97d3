/*-------------------------------------------------------------------------
 *
 * numeric_layout.h
 *		How a numeric lies in memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_NUMERIC_LAYOUT_H
#define CUSTOMER_TIER_NUMERIC_LAYOUT_H

/*
 * What follows the varlena header. The server keeps this layout in numeric.c,
 * to itself, but it is the on-disk format: 14 to 18 share it, and pg_upgrade
 * forbids a change. One 16-bit header word, whose top two bits tell the form:
 *
 *	00, 01	long, positive or negative: 14 bits of display scale; a second
 *			word is the weight, signed
 *	10		short: sign (1 bit), display scale (6), weight (7, signed)
 *	11		special: NaN or, since 14, +-Infinity; nothing follows
 *
 * Then come the base-10000 digits, 16 bits each, most significant first, with
 * neither leading nor trailing zero digits; zero has none. The first digit is
 * worth 10000^weight. The display scale does not touch the value. Words are
 * in native byte order; in a short varlena they can start at any address.
 */
#define FORM_MASK				0xC000
#define FORM_SHORT				0x8000
#define FORM_SPECIAL			0xC000
#define LONG_NEGATIVE			0x4000
#define LONG_SCALE_MASK			0x3FFF
#define SHORT_NEGATIVE			0x2000
#define SHORT_SCALE_MASK		0x1F80
#define SHORT_SCALE_SHIFT		7
#define SHORT_SCALE_MAX			63
#define SHORT_WEIGHT_SIGN		0x0040
#define SHORT_WEIGHT_MASK		0x007F
#define SPECIAL_MASK			0xF000
#define SPECIAL_NAN				0xC000
#define SPECIAL_INFINITY		0xD000
#define SPECIAL_NEGATIVE_INFINITY	0xF000
#define DIGIT_BASE				10000
#define DIGIT_DECIMALS			4

/* The base-10000 digits of a 64-bit integer. */
#define INT64_DIGITS			5

#endif							/* CUSTOMER_TIER_NUMERIC_LAYOUT_H */
