/**
 * Upstream's minors: first release, start of maintenance, end of life, last patch known. An empty field is not known.
 * Days as published; compiled on 2026-11-21.
 */
export const RELEASES_TSV = `minor	released_on	maintenance_on	ends_on	latest_patch	source	as_of
1.2			2016-10-23	1.2.7	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.3			2016-11-01	1.3.10	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.4			2017-04-21	1.4.12	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.5			2017-10-01	1.5.8	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.6	2017-03-22		2017-11-23	1.6.13	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.7	2017-06-28		2018-04-04	1.7.16	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.8	2017-09-27		2018-07-12	1.8.15	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.9	2017-12-15		2018-09-29	1.9.11	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.10	2018-03-26		2019-02-13	1.10.13	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.11	2018-06-26		2019-05-01	1.11.10	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.12	2018-09-27		2019-07-08	1.12.10	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.13	2018-12-03		2019-10-15	1.13.12	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.14	2019-03-25		2019-12-11	1.14.10	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.15	2019-06-17		2020-05-06	1.15.12	kubernetes/website:data/releases/eol.yaml@0637786	2026-11-21
1.16	2019-09-18		2020-08-04	1.16.15	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.17	2019-12-07		2020-12-25	1.17.17	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.18	2020-03-25	2021-04-28	2021-06-18	1.18.20	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.19	2020-08-26	2021-08-28	2021-10-28	1.19.16	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.20	2020-12-08	2021-12-28	2022-02-28	1.20.15	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.21	2021-04-08	2022-04-28	2022-06-28	1.21.14	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.22	2021-08-04	2022-08-28	2022-10-28	1.22.17	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.23	2021-12-07	2022-12-28	2023-02-28	1.23.17	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.24	2022-05-03	2023-05-28	2023-07-28	1.24.17	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.25	2022-08-23	2023-08-27	2023-10-27	1.25.16	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.26	2022-12-08	2023-12-28	2024-02-28	1.26.15	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.27	2023-04-11	2024-04-28	2024-06-28	1.27.16	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.28	2023-08-15	2024-08-28	2024-10-28	1.28.15	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.29	2023-12-13	2024-12-28	2025-02-28	1.29.15	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.30	2024-04-17	2025-04-28	2025-07-15	1.30.14	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.31	2024-08-13	2025-08-28	2025-11-11	1.31.14	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.32	2024-12-11	2025-12-28	2026-02-28	1.32.13	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.33	2025-04-23	2026-04-28	2026-06-28	1.33.13	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.34	2025-08-27	2026-08-27	2026-10-27	1.34.11	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.35	2025-12-17	2026-12-28	2027-02-28	1.35.8	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.36	2026-04-22	2027-04-28	2027-06-28	1.36.4	endoflife-date/endoflife.date:products/kubernetes.md@a70eca3	2026-11-21
1.37	2026-08-26				kubernetes/sig-release:releases/release-1.37/README.md@e8dfc80	2026-11-21
`;
