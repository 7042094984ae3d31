/** ln 2 in two parts; a small integer times the first is exact. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

// R(z) = L1 z + L2 z^2 + ... + L7 z^7 of log(1+f) = f - s (f - R(s^2)) = 2s + s R(s^2) with s = f / (2 + f): FDLIBM,
// e_log.c and s_log1p.c (Sun Microsystems, 1993).
export const L1 = 0.6666666666666735;
export const L2 = 0.3999999999940942;
export const L3 = 0.2857142874366239;
export const L4 = 0.22222198432149784;
export const L5 = 0.1818357216161805;
export const L6 = 0.15313837699209373;
export const L7 = 0.14798198605116586;
