/** How cells are called where they have no title: by their place on the page. */
export const cellLabel = (index: number): string => `cell ${index + 1}`
