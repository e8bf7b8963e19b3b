/** Companies and other groups that people belong to, by their group calls. */

export { getCompany } from './get-company.ts';
export { listCompanies } from './list-companies.ts';
