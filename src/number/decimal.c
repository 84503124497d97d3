/*-------------------------------------------------------------------------
 *
 * decimal.c
 *		Doubles as decimals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "common/shortest_dec.h"

#include "number/decimal.h"
#include "number/numeric_ops.h"

const double decimal_powers[DECIMAL_MAX_PLACES + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
};

/* The shortest decimal that reads back as this double. */
Numeric
shortest_decimal(double value)
{
	char		buf[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (isinf(value))
		return num_from_text(value > 0 ? "Infinity" : "-Infinity");
	double_to_shortest_decimal_buf(value, buf);
	return num_from_text(buf);
}

/* The decimal of 15 digits that is nearest to a double. */
Numeric
tidy_decimal(double value)
{
	char		buf[32];

	snprintf(buf, sizeof(buf), "%.*e", DBL_DIG - 1, value);

	/* the largest doubles are rounded out of range */
	return isfinite(strtod(buf, NULL)) ? num_from_text(buf) :
		shortest_decimal(value);
}

/*
 * The decimal of a real, as a double. A real holds 0.1 only to 7 digits, and
 * what its bits say beyond those nobody meant.
 */
double
real_decimal(float4 value)
{
	char		buf[FLOAT_SHORTEST_DECIMAL_LEN];

	if (!isfinite(value))
		return value;
	float_to_shortest_decimal_buf(value, buf);
	return strtod(buf, NULL);
}

/* Two to the power of n, exactly. */
static Numeric
power_of_two(int n)
{
	Numeric		square = num_from_text(n < 0 ? "0.5" : "2");
	Numeric		power = num_from_text("1");

	for (n = abs(n); n > 0; n >>= 1)
	{
		if (n & 1)
			power = num_multiply(power, square);
		if (n > 1)
			square = num_multiply(square, square);
	}
	return power;
}

/* All the digits of a finite double. */
Numeric
exact_decimal(double value)
{
	int			exponent;
	int64		mantissa = (int64) ldexp(frexp(value, &exponent), 53);

	exponent -= 53;
	while (mantissa != 0 && mantissa % 2 == 0)
	{
		mantissa /= 2;
		exponent++;
	}
	return num_multiply(int64_to_numeric(mantissa), power_of_two(exponent));
}
