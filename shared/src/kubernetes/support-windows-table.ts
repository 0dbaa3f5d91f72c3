/**
 * How long vendors support what they build: end of full support, end of standard support, end of what is sold beyond.
 * `product` is the vendor's own number where it counts apart. Days as published; compiled on 2026-11-21.
 */
export const SUPPORT_WINDOWS_TSV = `distribution	minor	product	released_on	maintenance_on	ends_on	extended_until	source	as_of
ack	1.12		2019-03-31		2020-12-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.14		2019-08-31		2021-07-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.16		2020-02-29		2022-06-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.18		2020-09-30		2022-09-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.20		2021-04-30		2023-04-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.22		2021-12-31		2023-10-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.24		2022-09-30		2024-09-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.26		2023-04-30		2025-04-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.28		2023-10-31		2025-10-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.30		2024-06-30		2026-06-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.31		2024-09-30		2025-09-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.32		2025-01-31		2026-01-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.33		2025-05-31		2026-05-31		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
ack	1.34		2025-09-30		2026-09-30		endoflife-date/endoflife.date:products/alibaba-ack.md@a70eca3	2026-11-21
aks	1.21		2021-08-18		2022-07-31		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.22		2022-01-10		2022-12-04		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.23		2022-04-26		2023-04-02		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.24		2022-08-17		2023-07-31		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.25		2022-12-14		2024-01-14		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.26		2023-04-18		2024-04-11		endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.27		2023-08-16		2024-07-31	2025-07-31	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.28		2023-11-07		2025-01-31	2026-02-28	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.29		2024-03-18		2025-03-31	2026-04-30	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.30		2024-08-05		2025-08-22	2026-07-31	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.31		2024-10-25		2025-11-01	2026-11-30	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.32		2025-04-06		2026-03-31	2027-03-31	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.33		2025-06-17		2026-07-31	2027-07-31	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.34		2026-01-04		2026-11-30	2027-11-30	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.35		2026-03-05		2027-03-31	2028-03-31	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
aks	1.36		2026-06-30		2027-06-30	2028-06-30	endoflife-date/endoflife.date:products/azure-kubernetes-service.md@a70eca3	2026-11-21
eks	1.18		2020-10-13		2022-08-15		endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.19		2021-02-16		2022-08-01		endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.20		2021-05-18		2022-11-01		endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.21		2021-07-19		2023-02-16	2024-07-15	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.22		2022-04-04		2023-06-04	2024-09-01	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.23		2022-08-11		2023-10-11	2024-10-11	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.24		2022-11-15		2024-01-31	2025-01-31	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.25		2023-02-21		2024-05-01	2025-05-01	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.26		2023-04-11		2024-06-11	2025-06-11	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.27		2023-05-24		2024-07-24	2025-07-24	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.28		2023-09-26		2024-11-26	2025-11-26	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.29		2024-01-23		2025-03-23	2026-03-23	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.30		2024-05-23		2025-07-23	2026-07-23	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.31		2024-09-26		2025-11-26	2026-11-26	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.32		2025-01-25		2026-03-23	2027-03-23	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.33		2025-05-28		2026-07-29	2027-07-29	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.34		2025-10-06		2026-12-02	2027-12-02	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.35		2026-01-28		2027-03-27	2028-03-27	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
eks	1.36		2026-06-02		2027-08-02	2028-08-02	endoflife-date/endoflife.date:products/amazon-eks.md@a70eca3	2026-11-21
gke	1.17		2021-03-29	2021-07-01	2021-11-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.18		2021-03-29	2021-08-01	2022-03-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.19		2021-04-14	2021-10-01	2022-06-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.20		2021-06-09	2021-12-01	2022-08-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.21		2021-10-01	2022-11-01	2023-01-31		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.22		2022-03-07	2023-02-28	2023-04-30		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.23		2022-05-03	2023-05-31	2023-07-31		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.24		2022-06-23	2023-08-31	2023-10-31		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.25		2022-12-14	2024-01-31	2024-03-30		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.26		2023-03-31	2024-04-30	2024-06-30		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.27		2023-06-15	2024-07-31	2024-10-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.28		2023-12-04	2024-12-31	2025-02-04		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.29		2024-01-26	2025-02-28	2025-04-12		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.30		2024-07-31	2025-07-31	2025-09-30		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.31		2024-10-25	2025-11-30	2026-01-16		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.32		2025-02-11	2026-02-28	2026-04-11		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.33		2025-06-03	2026-06-30	2026-08-03		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.34		2025-09-30	2026-08-30	2026-10-01		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.35		2026-02-11	2027-02-28	2027-04-11		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
gke	1.36		2026-06-09	2027-06-30	2027-08-09		endoflife-date/endoflife.date:products/google-kubernetes-engine.md@a70eca3	2026-11-21
openshift	1.13	4.1	2019-06-18	2019-11-16	2020-05-05		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.14	4.2	2019-10-29	2020-02-23	2020-07-13		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.16	4.3	2020-02-12	2020-06-05	2020-10-27		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.17	4.4	2020-05-18	2020-08-13	2021-02-24		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.18	4.5	2020-07-16	2020-11-27	2021-07-27		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.19	4.6	2020-11-09	2021-03-24	2022-10-27		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.20	4.7	2021-02-24	2021-10-27	2022-08-24		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.21	4.8	2021-07-27	2022-01-27	2023-01-27	2023-04-27	endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.22	4.9	2021-10-18	2022-06-10	2023-04-18		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.23	4.10	2022-03-10	2022-11-10	2023-09-10		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.24	4.11	2022-08-10	2023-04-17	2024-02-10		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.25	4.12	2023-01-17	2023-08-17	2024-07-17	2025-01-17	endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.26	4.13	2023-05-17	2024-01-31	2024-11-17		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.27	4.14	2023-10-31	2024-05-27	2025-05-01	2025-10-31	endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.28	4.15	2024-02-27	2024-09-27	2025-08-27		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.29	4.16	2024-06-27	2025-01-01	2025-12-27	2026-06-27	endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.30	4.17	2024-10-01	2025-05-25	2026-04-01		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.31	4.18	2025-02-25	2025-09-17	2026-08-25	2027-02-25	endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.32	4.19	2025-06-17	2026-01-21	2026-12-17		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.33	4.20	2025-10-21	2026-05-03	2027-04-21		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.34	4.21	2025-10-21	2026-09-09	2027-08-03		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
openshift	1.35	4.22	2026-06-09	2026-12-31	2027-12-31		endoflife-date/endoflife.date:products/red-hat-openshift.md@a70eca3	2026-11-21
`;
