/**
 * Go minors that upstream built each Kubernetes minor with, from its first release to its last patch.
 * Compiled on 2026-11-21 from servers seen and from the change logs.
 */
export const GO_RELEASES_TSV = `minor	first_go	last_go	source	as_of
1.7	1.8	1.8	recorded /version of v1.7.4 (go1.8.3)	2026-11-21
1.8	1.8	1.8	recorded /version of v1.8.7 (go1.8.3)	2026-11-21
1.9	1.9	1.9	recorded gitVersion v1.9.0 (go1.9.2)	2026-11-21
1.10	1.9	1.9	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.10.md	2026-11-21
1.11	1.10	1.10	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.11.md	2026-11-21
1.12	1.10	1.10	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.12.md	2026-11-21
1.13	1.11	1.11	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.13.md	2026-11-21
1.14	1.12	1.12	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.14.md	2026-11-21
1.15	1.12	1.12	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.15.md	2026-11-21
1.16	1.12	1.13	recorded v1.16.0 (go1.12.9) and v1.16.15 (go1.13.15)	2026-11-21
1.17	1.13	1.13	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.17.md	2026-11-21
1.18	1.13	1.13	recorded v1.18.2 (go1.13.9) and v1.18.20 (go1.13.15)	2026-11-21
1.19	1.15	1.15	recorded v1.19.0 (go1.15)	2026-11-21
1.20	1.15	1.15	recorded v1.20.15-eks-a64ea69 (go1.15.15)	2026-11-21
1.21	1.16	1.16	recorded v1.21.2 (go1.16.5) and v1.21.5-eks-bc4871b (go1.16.8)	2026-11-21
1.22	1.16	1.16	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.22.md	2026-11-21
1.23	1.17	1.19	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.23.md	2026-11-21
1.24	1.18	1.20	recorded v1.24.2 (go1.18.3); kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.24.md	2026-11-21
1.25	1.19	1.20	recorded v1.25.16 (go1.20.10)	2026-11-21
1.26	1.19	1.21	recorded v1.26.3 (go1.19.7) and v1.26.15 (go1.21.8)	2026-11-21
1.27	1.20	1.22	recorded v1.27.11 (go1.21.7); kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.27.md	2026-11-21
1.28	1.20	1.22	recorded v1.28.8 (go1.21.8); kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.28.md	2026-11-21
1.29	1.21	1.23	recorded v1.29.0 (go1.21.5); kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.29.md	2026-11-21
1.30	1.22	1.23	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.30.md	2026-11-21
1.31	1.22	1.24	recorded v1.31.12+k3s1 (go1.23.11); kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.31.md	2026-11-21
1.32	1.23	1.24	kubernetes/kubernetes:CHANGELOG/CHANGELOG-1.32.md	2026-11-21
1.33	1.24	1.25	recorded v1.33.1 (go1.24.2) and v1.33.7 (go1.24.11); the later patches by the policy of back-ports	2026-11-21
1.34	1.24	1.26	recorded v1.34.0 (go1.24.6) and v1.34.6+k3s1 (go1.24.13); the later patches by the policy of back-ports	2026-11-21
1.35	1.25	1.26	recorded v1.35.0 (go1.25.5) and v1.35.8 (go1.26.5)	2026-11-21
1.36	1.26	1.26	recorded v1.36.1 (go1.26.2)	2026-11-21
1.37	1.26	1.26	recorded v1.37.0 (go1.26.6)	2026-11-21
`;
